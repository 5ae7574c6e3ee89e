#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/bytes.hpp"

namespace tongke::relay::ingest::srt {

/// Whether a datagram is a handshake for whoever listens: of a caller that no connection knows.
/// @source draft-sharabayko-srt-01 sections 3 (header) and 3.2.1 (handshake)
[[nodiscard]] inline bool is_greeting(base::ByteView datagram) noexcept {
  constexpr std::size_t kHandshake = 64;                          // without extensions
  constexpr std::array<std::uint8_t, 4> kControl{0x80, 0, 0, 0};  // control packet, type 0
  constexpr std::array<std::uint8_t, 4> kNobody{};                // destination socket
  if (datagram.size() < kHandshake) return false;
  return std::ranges::equal(datagram.first(4), kControl) &&
         std::ranges::equal(datagram.subspan(12, 4), kNobody);
}

}  // namespace tongke::relay::ingest::srt
