#pragma once

#include <chrono>
#include <optional>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace tongke::pipeline::worker::rtp {

inline constexpr std::uint32_t kOpusClockRate = 48'000;  ///< RFC 7587 section 4.1, whatever the band

/// How long an Opus packet plays; nullopt when it is none.
/// @source RFC 6716 section 3.1, table 2 and requirement R5 (at most 120 ms)
[[nodiscard]] inline std::optional<base::MediaTime> opus_duration(base::ByteView packet) {
  if (packet.empty()) return std::nullopt;
  const unsigned config = packet[0] >> 3U;
  const unsigned in_group = config & 3U;
  base::MediaTime frame{0};
  if (config < 12) {
    frame = std::chrono::milliseconds(in_group == 3 ? 60 : 10 << in_group);  // SILK
  } else if (config < 16) {
    frame = std::chrono::milliseconds(10 << (config & 1U));  // hybrid
  } else {
    frame = std::chrono::microseconds(2500 << in_group);  // CELT
  }
  unsigned count = 0;
  switch (packet[0] & 3U) {
    case 0:
      count = 1;
      break;
    case 3:
      if (packet.size() < 2) return std::nullopt;
      count = packet[1] & 0x3fU;
      break;
    default:
      count = 2;
  }
  if (count == 0 || frame * count > std::chrono::milliseconds(120)) return std::nullopt;
  return frame * count;
}

}  // namespace tongke::pipeline::worker::rtp
