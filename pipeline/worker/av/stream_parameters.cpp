#include "pipeline/worker/av/stream_parameters.hpp"

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

}  // namespace tongke::pipeline::worker::av
