#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "pipeline/worker/av/picture_scaler.hpp"
#include "pipeline/worker/av/still_encoder.hpp"
#include "pipeline/worker/ladder/still_rules.hpp"

namespace tongke::pipeline::worker::ladder {

/// A still of the picture whenever it has changed, for those whose line carries no video.
/// @thread one at a time
class Stills {
 public:
  using Output = std::function<void(base::MediaTime pts, std::vector<std::uint8_t> webp)>;

  explicit Stills(Output output) : output_(std::move(output)) {}

  void picture(const AVFrame& picture, base::MediaTime pts);

 private:
  Output output_;
  StillRules rules_;
  std::optional<av::PictureScaler> thumbnails_;
  std::optional<av::PictureScaler> scaler_;
  std::unique_ptr<av::StillEncoder> encoder_;
};

}  // namespace tongke::pipeline::worker::ladder
