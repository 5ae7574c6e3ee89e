#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "pipeline/worker/av/picture_encoder.hpp"
#include "pipeline/worker/av/picture_scaler.hpp"
#include "pipeline/worker/ladder/made.hpp"
#include "pipeline/worker/ladder/thinning.hpp"

namespace tongke::pipeline::worker::ladder {

/// One rendition while it is wanted: scaled, thinned out and encoded, from the beginning of a
/// segment on.  @thread one at a time
class Line {
 public:
  using Output = std::function<void(Made)>;

  Line(const wire::LadderStep& step, Output output)
      : step_(step), output_(std::move(output)), thinning_(step.frames_per_second) {}

  [[nodiscard]] const wire::LadderStep& step() const noexcept { return step_; }
  [[nodiscard]] bool running() const noexcept { return encoder_ != nullptr; }

  /// A segment begins with this picture: makes the encoder ready for it. Goes on with the one
  /// there is unless the source's shape has changed.
  [[nodiscard]] base::Result<void> begin_segment(const AVFrame& picture, double source_rate);

  /// Whether the picture is part of the rendition.
  [[nodiscard]] bool takes(base::MediaTime pts, bool begins_segment) const {
    return running() && thinning_.takes(pts, begins_segment);
  }
  /// @param picture  of the source, or of a larger step: what is smaller costs less to scale
  /// @return this step's picture, good until the next call
  [[nodiscard]] base::Result<const AVFrame*> add(const AVFrame& picture, const timing::Segment& segment,
                                                 base::MediaTime pts, bool begins_segment);

  /// Delivers what the encoder still holds and says that the rendition ends.
  void finish();

 private:
  struct Place {
    timing::Segment segment;
    base::MediaTime pts{0};
  };
  void encoded(base::ByteView avc, bool keyframe);

  const wire::LadderStep& step_;
  Output output_;
  Thinning thinning_;
  std::optional<av::PictureScaler> scaler_;
  std::unique_ptr<av::PictureEncoder> encoder_;
  std::shared_ptr<const StreamConfig> config_;
  wire::PictureSize size_;
  double source_rate_ = 0;
  std::deque<Place> places_;  ///< of the pictures inside the encoder
};

}  // namespace tongke::pipeline::worker::ladder
