#include "pipeline/worker/output/layer2.hpp"

#include <utility>

#include "base/log.hpp"
#include "pipeline/worker/av/silence.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::output {

base::Result<std::unique_ptr<Layer2>> Layer2::create(const AVCodecParameters& aac, Give give) {
  std::unique_ptr<Layer2> made(new Layer2);
  auto transcoder = av::VoiceTranscoder::create(
      {.kind = TrackKind::audio,
       .codec = "aac",
       .extradata = {aac.extradata, aac.extradata + aac.extradata_size},
       .sample_rate = static_cast<std::uint32_t>(aac.sample_rate),
       .channels = static_cast<std::uint32_t>(aac.ch_layout.nb_channels)},
      av::VoiceTranscoder::Target::layer2,
      [give = std::move(give)](base::ByteView frame, std::int64_t position) {
        const auto at = timing::from_units(position, av::kLayer2Rate);
        give({.track = TrackKind::audio,
              .dts = at,
              .pts = at,
              .keyframe = true,
              .bytes = {frame.begin(), frame.end()}});
      },
      2);
  if (!transcoder) return std::move(transcoder).error();
  made->transcoder_ = std::move(*transcoder);
  return made;
}

void Layer2::push(const Unit& frame) {
  if (auto ok = transcoder_->push(frame.bytes, frame.pts); !ok)
    base::log::warn("sound left out", {{"error", ok.error().message}});
}

}  // namespace tongke::pipeline::worker::output
