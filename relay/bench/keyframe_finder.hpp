#pragma once

#include <cstdint>
#include <optional>

#include "relay/webrtc/rtp.hpp"

namespace tongke::relay::bench {

/// Watches a decrypted H.264 stream for its first whole keyframe. Pure.
/// @source RFC 6184 sections 5.2 (NAL unit types), 5.7.1 (STAP-A), 5.8 (FU-A)
class KeyframeFinder {
 public:
  /// True once the last packet of a keyframe has been seen.
  bool add(const webrtc::rtp::Packet& packet) {
    if (starts_keyframe(packet.payload)) timestamp_ = packet.timestamp;
    return timestamp_ && packet.timestamp == *timestamp_ && packet.marker;
  }

 private:
  static bool is_key(std::uint8_t nal) { return (nal & 0x1FU) == 5; }

  static bool starts_keyframe(base::ByteView payload) {
    if (payload.size() < 2) return false;
    const std::uint8_t type = payload[0] & 0x1FU;
    if (type == 28) return is_key(payload[1]);
    if (type != 24) return is_key(payload[0]);
    for (base::ByteView rest = payload.subspan(1); auto nal = webrtc::rtp::next_framed(rest);) {
      if (!nal->empty() && is_key((*nal)[0])) return true;
    }
    return false;
  }

  std::optional<std::uint32_t> timestamp_;
};

}  // namespace tongke::relay::bench
