#include "pipeline/worker/av/picture_scaler.hpp"

extern "C" {
#include <libswscale/swscale.h>
}

namespace tongke::pipeline::worker::av {

using base::Errc;
using base::Error;

PictureScaler::~PictureScaler() { sws_freeContext(context_); }

base::Result<const AVFrame*> PictureScaler::scale(const AVFrame& picture) {
  const int width = static_cast<int>(size_.width);
  const int height = static_cast<int>(size_.height);
  if (picture.width == width && picture.height == height && picture.format == AV_PIX_FMT_YUV420P)
    return &picture;
  // The same context as long as nothing changes. Bilinear averages over what becomes one pixel.
  context_ = sws_getCachedContext(context_, picture.width, picture.height,
                                  static_cast<AVPixelFormat>(picture.format), width, height,
                                  AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr);
  if (!context_) return Error{Errc::internal, "picture format cannot be scaled"};
  if (!scaled_) {
    scaled_.reset(av_frame_alloc());
    scaled_->format = AV_PIX_FMT_YUV420P;
    scaled_->width = width;
    scaled_->height = height;
    if (av_frame_get_buffer(scaled_.get(), 0) < 0) return Error{Errc::internal, "out of memory"};
  }
  if (av_frame_make_writable(scaled_.get()) < 0) return Error{Errc::internal, "out of memory"};
  sws_scale(context_, picture.data, picture.linesize, 0, picture.height, scaled_->data, scaled_->linesize);
  scaled_->sample_aspect_ratio = picture.sample_aspect_ratio;
  scaled_->colorspace = picture.colorspace;
  scaled_->color_primaries = picture.color_primaries;
  scaled_->color_trc = picture.color_trc;
  scaled_->color_range = AVCOL_RANGE_MPEG;
  return scaled_.get();
}

}  // namespace tongke::pipeline::worker::av
