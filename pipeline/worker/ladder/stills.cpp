#include "pipeline/worker/ladder/stills.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace tongke::pipeline::worker::ladder {
namespace {

/// A point of it is 8 pixels of 720p: less than a letter.
constexpr wire::PictureSize kThumbnail{160, 90};
constexpr std::uint32_t kLongestSide = 1280;

wire::PictureSize still_size(const AVFrame& picture) {
  const auto width = static_cast<std::uint32_t>(picture.width);
  const auto height = static_cast<std::uint32_t>(picture.height);
  const std::uint32_t longest = std::max(width, height);
  if (longest <= kLongestSide) return {width & ~1U, height & ~1U};
  return {width * kLongestSide / longest & ~1U, height * kLongestSide / longest & ~1U};
}

StillRules::Thumbnail brightness(const AVFrame& picture) {
  StillRules::Thumbnail points;
  points.reserve(std::size_t{kThumbnail.width} * kThumbnail.height);
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* row = picture.data[0] + std::ptrdiff_t{y} * picture.linesize[0];
    points.insert(points.end(), row, row + picture.width);
  }
  return points;
}

}  // namespace

void Stills::picture(const AVFrame& picture, base::MediaTime pts) {
  if (!rules_.should_look(pts)) return;
  if (!thumbnails_) thumbnails_.emplace(kThumbnail);
  const auto small = thumbnails_->scale(picture);
  if (!small || !rules_.look(pts, brightness(**small))) return;
  const wire::PictureSize size = still_size(picture);
  if (!encoder_ || encoder_->size() != size) {
    auto encoder = av::StillEncoder::create(size);
    if (!encoder) {
      base::log::warn("no stills", {{"error", encoder.error().message}});
      return rules_.made(0);
    }
    encoder_ = std::move(*encoder);
    scaler_.emplace(size);
  }
  const auto scaled = scaler_->scale(picture);
  auto still = scaled ? encoder_->encode(**scaled)
                      : base::Result<std::vector<std::uint8_t>>(base::Error(scaled.error()));
  if (!still) {
    base::log::warn("still not made", {{"error", still.error().message}});
    return rules_.made(0);
  }
  rules_.made(still->size());
  output_(pts, std::move(*still));
}

}  // namespace tongke::pipeline::worker::ladder
