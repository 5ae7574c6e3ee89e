#include "pipeline/worker/av/silence.hpp"

#include <cstring>

namespace tongke::pipeline::worker::av {

std::vector<std::uint8_t> silent_aac_frame(const AVCodecParameters& track) {
  if (track.codec_id != AV_CODEC_ID_AAC || track.extradata_size < 2 || track.extradata[0] >> 3U != 2)
    return {};
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  if (!codec) return {};
  Handle<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  encoder->sample_rate = track.sample_rate;
  encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
  encoder->bit_rate = 32'000;
  encoder->time_base = {1, track.sample_rate};
  encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&encoder->ch_layout, track.ch_layout.nb_channels);
  if (avcodec_open2(encoder.get(), codec, nullptr) < 0) return {};
  Handle<AVFrame> frame(av_frame_alloc());
  frame->nb_samples = kAacFrameSamples;
  frame->format = encoder->sample_fmt;
  frame->sample_rate = encoder->sample_rate;
  if (av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout) < 0 ||
      av_frame_get_buffer(frame.get(), 0) < 0)
    return {};
  for (int i = 0; i < frame->ch_layout.nb_channels; ++i)
    std::memset(frame->extended_data[i], 0, kAacFrameSamples * sizeof(float));
  frame->pts = 0;
  if (avcodec_send_frame(encoder.get(), frame.get()) < 0 || avcodec_send_frame(encoder.get(), nullptr) < 0)
    return {};
  const Handle<AVPacket> packet(av_packet_alloc());
  std::vector<std::uint8_t> bytes;
  while (avcodec_receive_packet(encoder.get(), packet.get()) >= 0) {
    bytes.assign(packet->data, packet->data + packet->size);
    av_packet_unref(packet.get());
  }
  return bytes;
}

}  // namespace tongke::pipeline::worker::av
