#include "pipeline/worker/av/stream_parameters.hpp"

#include <algorithm>
#include <cstring>

namespace tongke::pipeline::worker::av {

base::Result<void> set_parameters(AVCodecParameters& out, const StreamConfig& config) {
  const bool video = config.kind == TrackKind::video;
  out.codec_type = video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO;
  out.codec_id = video ? AV_CODEC_ID_H264 : AV_CODEC_ID_AAC;
  out.width = static_cast<int>(config.width);
  out.height = static_cast<int>(config.height);
  if (!video) {
    out.sample_rate = static_cast<int>(config.sample_rate);
    av_channel_layout_default(&out.ch_layout, static_cast<int>(config.channels));
    out.frame_size = 1024;
  }
  out.extradata =
      static_cast<std::uint8_t*>(av_mallocz(config.extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!out.extradata) return base::Error{base::Errc::internal, "out of memory"};
  std::memcpy(out.extradata, config.extradata.data(), config.extradata.size());
  out.extradata_size = static_cast<int>(config.extradata.size());
  return {};
}

StreamConfig config_of(const AVCodecParameters& parameters) {
  const bool video = parameters.codec_type == AVMEDIA_TYPE_VIDEO;
  return {.kind = video ? TrackKind::video : TrackKind::audio,
          .codec = avcodec_get_name(parameters.codec_id),
          .extradata = {parameters.extradata, parameters.extradata + parameters.extradata_size},
          .width = static_cast<std::uint32_t>(parameters.width),
          .height = static_cast<std::uint32_t>(parameters.height),
          .sample_rate = static_cast<std::uint32_t>(std::max(parameters.sample_rate, 0)),
          .channels = static_cast<std::uint32_t>(std::max(parameters.ch_layout.nb_channels, 0))};
}

}  // namespace tongke::pipeline::worker::av
