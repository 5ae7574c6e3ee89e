#include "pipeline/worker/av/silence.hpp"

extern "C" {
#include <libavutil/samplefmt.h>
}

namespace tongke::pipeline::worker::av {

namespace {

/// What an encoder makes of silence, the last frame of it.
std::vector<std::uint8_t> frame_of_silence(AVCodecContext& encoder, const AVCodec& codec) {
  if (avcodec_open2(&encoder, &codec, nullptr) < 0) return {};
  Handle<AVFrame> frame(av_frame_alloc());
  frame->nb_samples = encoder.frame_size;
  frame->format = encoder.sample_fmt;
  frame->sample_rate = encoder.sample_rate;
  if (av_channel_layout_copy(&frame->ch_layout, &encoder.ch_layout) < 0 ||
      av_frame_get_buffer(frame.get(), 0) < 0 ||
      av_samples_set_silence(frame->extended_data, 0, frame->nb_samples, frame->ch_layout.nb_channels,
                             encoder.sample_fmt) < 0)
    return {};
  frame->pts = 0;
  if (avcodec_send_frame(&encoder, frame.get()) < 0 || avcodec_send_frame(&encoder, nullptr) < 0) return {};
  const Handle<AVPacket> packet(av_packet_alloc());
  std::vector<std::uint8_t> bytes;
  while (avcodec_receive_packet(&encoder, packet.get()) >= 0) {
    bytes.assign(packet->data, packet->data + packet->size);
    av_packet_unref(packet.get());
  }
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> silent_layer2_frame() {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MP2);
  if (!codec) return {};
  const Handle<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  encoder->sample_rate = static_cast<int>(kLayer2Rate);
  encoder->sample_fmt = AV_SAMPLE_FMT_S16;
  encoder->bit_rate = kLayer2BitRate;
  av_channel_layout_default(&encoder->ch_layout, 2);
  return frame_of_silence(*encoder, *codec);
}

std::vector<std::uint8_t> silent_aac_frame(const AVCodecParameters& track) {
  if (track.codec_id != AV_CODEC_ID_AAC || track.extradata_size < 2 || track.extradata[0] >> 3U != 2)
    return {};
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  if (!codec) return {};
  const Handle<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  encoder->sample_rate = track.sample_rate;
  encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
  encoder->bit_rate = 32'000;
  encoder->time_base = {1, track.sample_rate};
  encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&encoder->ch_layout, track.ch_layout.nb_channels);
  return frame_of_silence(*encoder, *codec);
}

}  // namespace tongke::pipeline::worker::av
