#include "pipeline/worker/av/picture_decoder.hpp"

#include <cstring>
#include <utility>

namespace tongke::pipeline::worker::av {

using base::Errc;
using base::Error;
using base::MediaTime;

base::Result<std::unique_ptr<PictureDecoder>> PictureDecoder::create(const StreamConfig& config,
                                                                     Output output) {
  const AVCodec* codec = config.codec == "h264" ? avcodec_find_decoder(AV_CODEC_ID_H264) : nullptr;
  if (!codec) return Error{Errc::unavailable, "no decoder for " + config.codec};
  std::unique_ptr<PictureDecoder> decoder(new PictureDecoder);
  decoder->output_ = std::move(output);
  decoder->packet_.reset(av_packet_alloc());
  decoder->frame_.reset(av_frame_alloc());
  auto& context = decoder->context_;
  context.reset(avcodec_alloc_context3(codec));
  context->thread_count = 1;
  context->pkt_timebase = {1, 1'000'000};
  context->extradata =
      static_cast<std::uint8_t*>(av_mallocz(config.extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::memcpy(context->extradata, config.extradata.data(), config.extradata.size());
  context->extradata_size = static_cast<int>(config.extradata.size());
  if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0)
    return Error{Errc::unavailable, av::error(code, config.codec).message};
  return decoder;
}

base::Result<void> PictureDecoder::push(base::ByteView avc, MediaTime pts) {
  // A copy: the decoder reads beyond the end, into padding.
  if (av_new_packet(packet_.get(), static_cast<int>(avc.size())) < 0)
    return Error{Errc::internal, "out of memory"};
  std::memcpy(packet_->data, avc.data(), avc.size());
  packet_->pts = pts.count();
  packet_->dts = AV_NOPTS_VALUE;
  const int code = avcodec_send_packet(context_.get(), packet_.get());
  av_packet_unref(packet_.get());
  deliver();
  if (code < 0) return Error{Errc::invalid, av::error(code, "picture").message};
  return {};
}

void PictureDecoder::deliver() {
  while (avcodec_receive_frame(context_.get(), frame_.get()) >= 0) {
    if (frame_->pts != AV_NOPTS_VALUE) output_(*frame_, MediaTime(frame_->pts));
    av_frame_unref(frame_.get());
  }
}

void PictureDecoder::flush() {
  avcodec_send_packet(context_.get(), nullptr);
  deliver();
  avcodec_flush_buffers(context_.get());
}

void PictureDecoder::reset() { avcodec_flush_buffers(context_.get()); }

}  // namespace tongke::pipeline::worker::av
