#include "pipeline/worker/av/still_encoder.hpp"

#include <utility>

namespace tongke::pipeline::worker::av {
namespace {

using base::Errc;
using base::Error;

/// Small text on a dense slide stays readable; such a slide is 80 kB at 720p.
constexpr const char* kQuality = "50";
/// Of 0-6: more is slower and a few per cent smaller.
constexpr const char* kEffort = "2";

}  // namespace

base::Result<std::unique_ptr<StillEncoder>> StillEncoder::create(wire::PictureSize size) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libwebp");
  if (!codec) return Error{Errc::unavailable, "no WebP encoder"};
  std::unique_ptr<StillEncoder> encoder(new StillEncoder);
  encoder->size_ = size;
  encoder->packet_.reset(av_packet_alloc());
  encoder->frame_.reset(av_frame_alloc());
  encoder->context_.reset(avcodec_alloc_context3(codec));
  AVCodecContext& context = *encoder->context_;
  context.width = static_cast<int>(size.width);
  context.height = static_cast<int>(size.height);
  context.pix_fmt = AV_PIX_FMT_YUV420P;
  context.time_base = {1, 1'000};
  context.thread_count = 1;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "preset", "text", 0);
  av_dict_set(&options, "quality", kQuality, 0);
  av_dict_set(&options, "compression_level", kEffort, 0);
  const int code = avcodec_open2(&context, codec, &options);
  av_dict_free(&options);
  if (code < 0) return Error{Errc::unavailable, av::error(code, "WebP encoder").message};
  return encoder;
}

base::Result<std::vector<std::uint8_t>> StillEncoder::encode(const AVFrame& picture) {
  av_frame_unref(frame_.get());
  if (av_frame_ref(frame_.get(), &picture) < 0) return Error{Errc::internal, "out of memory"};
  frame_->pts = AV_NOPTS_VALUE;
  frame_->pict_type = AV_PICTURE_TYPE_NONE;
  const int sent = avcodec_send_frame(context_.get(), frame_.get());
  av_frame_unref(frame_.get());
  if (sent < 0) return av::error(sent, "WebP encoder");
  if (const int code = avcodec_receive_packet(context_.get(), packet_.get()); code < 0)
    return av::error(code, "WebP encoder");
  std::vector<std::uint8_t> still(packet_->data, packet_->data + packet_->size);
  av_packet_unref(packet_.get());
  return still;
}

}  // namespace tongke::pipeline::worker::av
