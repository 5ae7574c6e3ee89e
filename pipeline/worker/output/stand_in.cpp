#include "pipeline/worker/output/stand_in.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/av/silence.hpp"
#include "pipeline/worker/output/rendition.hpp"

namespace tongke::pipeline::worker::output {
namespace {

using base::MediaTime;
using namespace std::chrono_literals;

/// So much earlier than it is due a frame is made: five a second are, and a machine may be busy.
constexpr MediaTime kAhead = 600ms;

std::shared_ptr<const AVCodecParameters> parameters_of(const StreamConfig& config) {
  av::Handle<AVCodecParameters> parameters(avcodec_parameters_alloc());
  if (!parameters) return nullptr;
  const bool video = config.kind == TrackKind::video;
  parameters->codec_type = video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO;
  parameters->codec_id = video ? AV_CODEC_ID_H264 : AV_CODEC_ID_AAC;
  parameters->width = static_cast<int>(config.width);
  parameters->height = static_cast<int>(config.height);
  parameters->extradata =
      static_cast<std::uint8_t*>(av_mallocz(config.extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (parameters->extradata == nullptr) return nullptr;
  std::ranges::copy(config.extradata, parameters->extradata);
  parameters->extradata_size = static_cast<int>(config.extradata.size());
  return parameters;
}

wire::Slate slate_like(const wire::Cut& cut, const StandIn::Lesson& lesson) {
  wire::Slate slate{.heading = cut.heading, .text = cut.text, .owed = kAhead};
  if (lesson.video) {
    slate.width = static_cast<std::uint32_t>(lesson.video->width) & ~1U;
    slate.height = static_cast<std::uint32_t>(lesson.video->height) & ~1U;
  }
  if (lesson.audio) {
    slate.sound = "aac";
    slate.sample_rate = static_cast<std::uint32_t>(lesson.audio->sample_rate);
    slate.channels = static_cast<std::uint32_t>(lesson.audio->ch_layout.nb_channels);
  }
  return slate;
}

}  // namespace

base::Result<std::unique_ptr<StandIn>> StandIn::create(const wire::Cut& cut, Lesson lesson,
                                                       base::MediaTime from, GMainContext* context,
                                                       Give give) {
  const wire::Open open{.format = wire::InputFormat::slate, .slate = slate_like(cut, lesson)};
  std::unique_ptr<StandIn> made(new StandIn(std::move(lesson), from, std::move(give)));
  auto maker = slate::Maker::create(open, *made, context);
  if (!maker) return std::move(maker).error();
  made->maker_ = std::move(*maker);
  return made;
}

void StandIn::on_config(StreamConfig config) {
  auto parameters = parameters_of(config);
  if (config.kind == TrackKind::video) {
    picture_ = std::move(parameters);
  } else {
    heard_ = parameters && sounds_alike(*parameters, *lesson_.audio);
    sound_frame_ = MediaTime(av::kAacFrameSamples * 1'000'000 / config.sample_rate);
  }
}

void StandIn::on_unit(AccessUnit unit) {
  const bool video = unit.kind == TrackKind::video;
  const MediaTime due = from_ + unit.dts;
  const MediaTime lasts = video ? MediaTime(1) : sound_frame_;
  // An encoder of sound says that its first frame begins before what it was given.
  if ((!video && !heard_) || due < from_ || (end_ && due + lasts > *end_)) return;
  give_({.track = unit.kind,
         .dts = due,
         .pts = from_ + unit.pts,
         .keyframe = unit.keyframe || !video,
         .bytes = std::move(unit.bytes),
         .parameters = video ? picture_ : nullptr});
}

}  // namespace tongke::pipeline::worker::output
