#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/remux/track_source.hpp"

namespace tongke::pipeline::worker::slate {

/// What a channel shows between lessons comes in pieces of so long.
inline constexpr base::MediaTime kPiece = std::chrono::seconds(4);
/// Old televisions play no higher level of H.264.
inline constexpr std::uint32_t kTelevisionLevel = 31;

/// H.264 or AAC in the order of its times.
struct Track {
  StreamConfig config = {};
  std::int64_t time_scale = 0;  ///< pictures: microseconds; sound: its sample rate
  std::vector<remux::Unit> units = {};

  void add_picture(base::ByteView avc, base::MediaTime pts, base::MediaTime duration, bool keyframe);
  /// @param position  in samples
  void add_sound(base::ByteView aac_frame, std::int64_t position);
};

/// Writes what begins within [from, to) as a file of MPEG-TS that plays by itself or after another.
/// @errors io
[[nodiscard]] base::Result<void> write_piece(const std::string& path, std::span<const Track> tracks,
                                             base::MediaTime from, base::MediaTime to);

}  // namespace tongke::pipeline::worker::slate
