#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/remux/track_source.hpp"

namespace tongke::pipeline::worker::remux {

/// Writes one file of MPEG-TS that plays by itself or after another: its times are as they come, a second
/// later; continuity counters begin anew and say so (discontinuity_indicator).
/// @source ISO/IEC 13818-1 section 2.4.3.5
class TsWriter {
 public:
  struct Track {
    const AVCodecParameters* parameters = nullptr;
    std::int64_t time_scale = 0;
  };

  TsWriter() = default;
  TsWriter(const TsWriter&) = delete;
  TsWriter& operator=(const TsWriter&) = delete;
  ~TsWriter();

  /// @errors io
  [[nodiscard]] base::Result<void> open(const std::string& out, const std::vector<Track>& tracks);
  /// @param track  by its place in what was opened
  [[nodiscard]] base::Result<void> write(std::size_t track, const Unit& unit);
  /// @errors io
  [[nodiscard]] base::Result<void> close();

 private:
  std::vector<std::int64_t> time_scales_;  ///< by track
  av::Output output_;
  av::Handle<AVPacket> packet_;
};

}  // namespace tongke::pipeline::worker::remux
