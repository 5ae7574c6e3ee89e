#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/remux/track_source.hpp"

namespace tongke::pipeline::worker::remux {

/// A track on its way into another container.
struct Lane {
  TrackSource source;
  AVStream* stream = nullptr;
  std::optional<Unit> unit = {};  ///< next to be written

  /// Takes the next unit; none at the end.  @errors io
  [[nodiscard]] base::Result<void> advance();
  /// A time of this track in seconds.
  [[nodiscard]] double seconds(std::int64_t time) const {
    return static_cast<double>(time) / static_cast<double>(source.time_scale());
  }
};

/// The lane whose unit comes first; null when all are at their end.
template <class AnyLane>
[[nodiscard]] AnyLane* earliest(std::vector<AnyLane>& lanes) {
  AnyLane* found = nullptr;
  for (AnyLane& lane : lanes) {
    if (lane.unit && (!found || lane.seconds(lane.unit->dts) < found->seconds(found->unit->dts)))
      found = &lane;
  }
  return found;
}

/// A container of libav's format `format` to be written to `path`, which is not opened yet.
[[nodiscard]] base::Result<av::Output> make_output(const char* format, const std::string& path);
/// A stream in `output` with these parameters and this time scale; the output's.  @errors internal
[[nodiscard]] base::Result<AVStream*> add_stream(AVFormatContext& output, const AVCodecParameters& parameters,
                                                 std::int64_t time_scale);

}  // namespace tongke::pipeline::worker::remux
