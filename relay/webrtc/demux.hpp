#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace tongke::relay::webrtc {

enum class PacketKind : std::uint8_t { stun, dtls, rtp, rtcp, unknown };

/// What shares the one port, told apart by the first two bytes.
/// @source RFC 7983 section 7; RFC 5761 section 4 (RTCP types 192-223)
[[nodiscard]] constexpr PacketKind classify(base::ByteView packet) noexcept {
  if (packet.size() < 2) return PacketKind::unknown;
  const std::uint8_t first = packet[0];
  if (first <= 3) return PacketKind::stun;
  if (first >= 20 && first <= 63) return PacketKind::dtls;
  if (first < 128 || first > 191) return PacketKind::unknown;
  return packet[1] >= 192 && packet[1] <= 223 ? PacketKind::rtcp : PacketKind::rtp;
}

}  // namespace tongke::relay::webrtc
