#include "pipeline/worker/ladder/line.hpp"

#include <utility>

namespace tongke::pipeline::worker::ladder {

using base::MediaTime;

base::Result<void> Line::begin_segment(const AVFrame& picture, double source_rate) {
  const wire::PictureSize size =
      size_of(step_, {static_cast<std::uint32_t>(picture.width), static_cast<std::uint32_t>(picture.height)});
  if (encoder_ && size == size_ && source_rate == source_rate_) return {};
  if (encoder_) encoder_->finish();
  encoder_.reset();
  places_.clear();
  const double rate = rate_of(step_, source_rate);
  thinning_.expect(rate);
  const AVRational shape = picture.sample_aspect_ratio;
  auto encoder = av::PictureEncoder::create(
      {.size = size,
       .bits_per_second = step_.video_bps,
       .main_profile = step_.main_profile,
       .level = step_.level,
       .frame_rate = rate,
       .pixel_shape = shape.num > 0 && shape.den > 0 ? shape : AVRational{1, 1}},
      [this](base::ByteView avc, MediaTime, bool keyframe) { encoded(avc, keyframe); });
  if (!encoder) return std::move(encoder).error();
  encoder_ = std::move(*encoder);
  config_ = std::make_shared<const StreamConfig>(encoder_->config());
  scaler_.emplace(size);
  size_ = size;
  source_rate_ = source_rate;
  return {};
}

base::Result<const AVFrame*> Line::add(const AVFrame& picture, const timing::Segment& segment, MediaTime pts,
                                       bool begins_segment) {
  auto scaled = scaler_->scale(picture);
  if (!scaled) return scaled;
  thinning_.took(pts, begins_segment);
  places_.push_back({segment, pts});
  if (auto ok = encoder_->encode(**scaled, pts, begins_segment); !ok) {
    places_.pop_back();
    return std::move(ok).error();
  }
  return scaled;
}

// No B-frames: what comes out is what went in first.
void Line::encoded(base::ByteView avc, bool keyframe) {
  if (places_.empty()) return;
  const Place place = places_.front();
  places_.pop_front();
  output_({.step = &step_,
           .config = config_,
           .segment = place.segment,
           .pts = place.pts,
           .duration = thinning_.interval(),
           .keyframe = keyframe,
           .bytes = {avc.begin(), avc.end()}});
}

void Line::finish() {
  if (!encoder_) return;
  encoder_->finish();
  encoder_.reset();
  places_.clear();
  output_({.step = &step_, .ends = true});
}

}  // namespace tongke::pipeline::worker::ladder
