#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace tongke::relay::ingest::srt {

/// What the beginning of an H.264 access unit says about it.
enum class Access : std::uint8_t {
  unknown,  ///< not enough of it yet
  none,     ///< a picture that needs others, or the rest of one that began earlier
  intra,    ///< all intra, but not marked as a place to begin
  marked    ///< an IDR, or a picture with a recovery point
};

/// The pipeline child counts the same pictures as keyframes (worker/av/random_access and
/// h264parse's word): a replay is found by that count.
/// @param annex_b  the first bytes of the access unit, with start codes
/// @source ITU-T H.264 sections 7.3.3 (slice header), B.1, D.1.8
[[nodiscard]] Access access_of(base::ByteView annex_b);

}  // namespace tongke::relay::ingest::srt
