#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/remux/fragment_file.hpp"

namespace tongke::pipeline::worker::remux {

/// A sample ready for the muxer, in the track's time scale.
struct Unit {
  std::int64_t pts = 0;
  std::int64_t dts = 0;  ///< never above pts
  std::int64_t duration = 0;
  bool keyframe = false;
  std::vector<std::uint8_t> bytes;
};

/// What libav makes of a file's ftyp and moov.  @errors invalid
[[nodiscard]] base::Result<av::Handle<AVCodecParameters>> read_parameters(const FragmentFile& file);

/// Whether a decoder that was set up for one understands the other.
[[nodiscard]] bool same_extradata(const AVCodecParameters& a, const AVCodecParameters& b);

/// One rendition of a recording: its files in order, as one stream of samples. Later files
/// hold what came after a change of parameters; H.264 parameter sets then travel in the
/// stream, before each keyframe, which players understand although avc1 forbids it.
class TrackSource {
 public:
  /// Reads all headers once to learn the track's extent.
  /// @param fills  files whose samples belong where their times lie between the others'; one that
  ///               cannot share the track is left out
  /// @errors io, invalid: unreadable, or parameters that cannot share a track
  [[nodiscard]] static base::Result<TrackSource> open(const std::vector<std::string>& paths,
                                                      const std::vector<std::string>& fills = {});

  /// The next sample; nullopt at the end.  @errors io
  [[nodiscard]] base::Result<std::optional<Unit>> next();

  [[nodiscard]] const AVCodecParameters& parameters() const noexcept { return *parameters_; }
  [[nodiscard]] std::int64_t time_scale() const noexcept { return time_scale_; }
  [[nodiscard]] std::int64_t first_pts() const noexcept { return first_pts_; }
  [[nodiscard]] std::int64_t end() const noexcept { return end_; }

 private:
  struct Part {
    FragmentFile file;
    std::vector<std::uint8_t> parameter_sets;  ///< length-prefixed SPS and PPS; empty when not needed
  };
  base::Result<void> add(const std::string& path);
  void add_fill(const std::string& path);
  void survey();
  [[nodiscard]] std::optional<Sample> next_recorded();
  base::Result<Unit> load(Part& part, const Sample& sample) const;

  struct FillSample {
    std::size_t part = 0;  ///< of fills_
    Sample sample;
  };
  std::vector<Part> parts_;
  std::vector<Part> fills_;
  std::deque<FillSample> fill_samples_;  ///< in order of time
  std::optional<Sample> ahead_;          ///< of parts_[current_]
  av::Handle<AVCodecParameters> parameters_;
  std::int64_t time_scale_ = 0;
  std::int64_t first_pts_ = 0;
  std::int64_t end_ = 0;
  std::int64_t delay_ = 0;  ///< what keeps dts at or below pts
  std::size_t current_ = 0;
  std::int64_t last_dts_ = INT64_MIN;
};

}  // namespace tongke::pipeline::worker::remux
