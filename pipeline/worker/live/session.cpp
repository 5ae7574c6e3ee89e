#include "pipeline/worker/live/session.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "pipeline/worker/av/parameter_sets.hpp"

namespace tongke::pipeline::worker::live {
namespace {

using namespace std::chrono_literals;
using base::MediaTime;

/// So much audio without a keyframe makes a lesson that begins without picture.
constexpr MediaTime kWaitForVideo = 1s;
/// Audio waits so long (of its own time) to learn where video begins a segment.
constexpr MediaTime kWaitForBoundary = 1500ms;
constexpr std::size_t kMaxHeld = 512;
constexpr MediaTime kTick = 1ms;

MediaTime interval_of(const StreamConfig& video) {
  const double rate = video.frame_rate >= 1 ? video.frame_rate : 30;
  return MediaTime(static_cast<std::int64_t>(1e6 / rate));
}

MediaTime duration_of(const StreamConfig& audio) {
  if (audio.codec == "aac") return timing::from_units(1024, audio.sample_rate);
  if (audio.codec == "mp2" || audio.codec == "mp3") return timing::from_units(1152, audio.sample_rate);
  return 20ms;
}

wire::Track track_of(const StreamConfig& config) {
  return {.kind = config.kind,
          .codec = config.codec,
          .width = config.width,
          .height = config.height,
          .frame_rate = config.frame_rate,
          .sample_rate = config.sample_rate,
          .channels = config.channels};
}

}  // namespace

Session::Session(const wire::Open& open, base::Executor& loop, Emit emit)
    : open_(open), emit_(std::move(emit)), frames_(!open.passthrough_only, emit_) {
  if (!open.passthrough_only) ladder_ = LadderOut::create(open, loop, emit_);
}

void Session::on_config(StreamConfig config) {
  emit_(track_of(config));
  auto shared = std::make_shared<const StreamConfig>(std::move(config));
  if (shared->kind == TrackKind::audio) {
    audio_config_ = std::move(shared);
  } else {
    video_config_ = std::move(shared);
    video_config_is_new_ = true;
  }
}

void Session::on_unit(AccessUnit unit) {
  last_unit_ = base::Steady::now();
  if (unit.kind == TrackKind::video) {
    ++stats_.video_frames;
    if (unit.keyframe) ++keyframes_;
    if (!clock_ && unit.keyframe) start(unit);
    if (clock_) {
      video(std::move(unit));
      release_audio(false);
    } else {
      ++stats_.dropped_frames;
    }
    return;
  }
  ++stats_.audio_frames;
  if (clock_) {
    audio({std::move(unit), audio_config_});
    release_audio(false);
  } else {
    wait_with_audio(std::move(unit));
  }
}

void Session::wait_with_audio(AccessUnit unit) {
  held_.push_back({std::move(unit), audio_config_});
  const MediaTime span = held_.back().unit.pts - held_.front().unit.pts;
  if (span < kWaitForVideo && held_.size() < kMaxHeld) return;
  const AccessUnit first{
      .kind = TrackKind::audio, .pts = held_.front().unit.pts, .dts = held_.front().unit.pts};
  start(first);
  release_audio(false);
}

// The first keyframe's presentation, or the first sound, is Open.start on the media clock.
void Session::start(const AccessUnit& first) {
  using Trust = timing::MediaClock::Trust;
  clock_.emplace(first.pts, open_.start,
                 open_.format == wire::InputFormat::rtp ? Trust::steady : Trust::jumps);
  timeline_.emplace(std::chrono::milliseconds(open_.segment_ms), open_.start, open_.first_msn,
                    first.kind == TrackKind::video);
  for (Held& held : std::exchange(held_, {})) audio(std::move(held));
}

void Session::on_restart() {
  if (!clock_) return;
  release_audio(true);
  const auto silent = std::chrono::duration_cast<MediaTime>(base::Steady::now() - last_unit_);
  clock_->restart(clock_->end() + silent);
}

// ---- video ----

bool Session::configure_video() {
  if (!src_) {
    src_ = std::make_unique<Rendition>("src", TrackKind::video, std::chrono::milliseconds(open_.part_ms),
                                       std::chrono::milliseconds(open_.segment_ms), emit_);
  }
  video_config_is_new_ = false;
  video_interval_ = interval_of(*video_config_);
  frames_.configure_video(*video_config_);
  if (ladder_) ladder_->configure(video_config_);
  // After a break in mid-lesson: who does not read a second init (ffmpeg) finds them there.
  if (open_.first_msn > 0) parameter_sets_ = av::in_band(video_config_->extradata);
  auto ok = src_->configure(*video_config_);
  if (!ok) base::log::warn("video parameters not usable", {{"error", ok.error().message}});
  return ok.has_value();
}

void Session::video(AccessUnit unit) {
  bool must_cut = false;
  const MediaTime input = unit.dts;
  if (video_config_is_new_ && unit.keyframe) {
    must_cut = configure_video();
    video_shift_ = unit.pts - unit.dts;
  }
  if (!src_) {
    ++stats_.dropped_frames;
    return;
  }
  MediaTime time = clock_->map(TrackKind::video, input + video_shift_, video_interval_);
  MediaTime pts = unit.pts + clock_->offset(TrackKind::video);
  if (video_time_) {
    if (time <= *video_time_) {
      pts += *video_time_ + kTick - time;
      time = *video_time_ + kTick;
    }
    video_interval_ = time - *video_time_;
  }
  video_time_ = time;
  if (!frames_.video(unit.bytes, pts, video_interval_, unit.keyframe)) ++stats_.input_errors;
  const timing::Segment segment = timeline_->video(time, video_interval_, unit.keyframe, must_cut);
  if (ladder_) ladder_->add(segment, unit.keyframe ? time : pts, unit);
  if (unit.keyframe) unit.bytes.insert(unit.bytes.begin(), parameter_sets_.begin(), parameter_sets_.end());
  Frame frame{.time = time,
              .pts = pts,
              .duration = video_interval_,
              .keyframe = unit.keyframe,
              .keyframe_number = unit.keyframe ? keyframes_ - 1 : 0,
              .bytes = std::move(unit.bytes)};
  if (!src_->add(segment, std::move(frame))) ++stats_.dropped_frames;
}

void Session::on_layer(LayerUnit layer) {
  if (!clock_ || !ladder_) return;
  const MediaTime pts = layer.unit.pts + clock_->offset(TrackKind::video);
  ladder_->add_layer(std::move(layer), pts);
}

// ---- audio ----

void Session::audio(Held held) {
  const MediaTime duration = held.config ? duration_of(*held.config) : MediaTime(0);
  const MediaTime time = clock_->map(TrackKind::audio, held.unit.pts, duration);
  if (!held.config || time < open_.start) {
    ++stats_.dropped_frames;
    return;
  }
  frames_.audio(held.unit.bytes, time, held.config);
  held.unit.pts = held.unit.dts = time;
  newest_audio_ = std::max(newest_audio_, time);
  held_.push_back(std::move(held));
}

void Session::release_audio(bool all) {
  while (!held_.empty()) {
    const MediaTime middle = held_.front().unit.pts + duration_of(*held_.front().config) / 2;
    const bool known = video_time_ && middle < *video_time_;
    const bool alone =
        !video_time_ || newest_audio_ - *video_time_ > kWaitForBoundary || held_.size() > kMaxHeld;
    if (!known && !alone && !all) return;
    Held held = std::move(held_.front());
    held_.pop_front();
    release(std::move(held), !known && alone);
  }
}

void Session::release(Held held, bool may_cut) {
  const AccessUnit& unit = held.unit;
  if (held.config != audio_in_use_) configure_audio(held.config);
  const MediaTime duration = duration_of(*held.config);
  timeline_->audio(unit.pts, unit.pts + duration / 2, may_cut);
  if (src_audio_ && held.config->codec == "aac") pass_through(unit);
  if (transcoder_) transcode(unit);
}

void Session::configure_audio(const std::shared_ptr<const StreamConfig>& config) {
  const MediaTime part = std::chrono::milliseconds(open_.part_ms);
  const MediaTime segment = std::chrono::milliseconds(open_.segment_ms);
  audio_in_use_ = config;
  const auto report = [](const base::Result<void>& result) {
    if (!result) base::log::warn("audio parameters not usable", {{"error", result.error().message}});
  };
  if (!audio_) audio_ = std::make_unique<Rendition>("audio", TrackKind::audio, part, segment, emit_);
  if (config->codec == "aac") {
    sample_clock_.emplace(config->sample_rate);
    if (!src_audio_)
      src_audio_ = std::make_unique<Rendition>("src-audio", TrackKind::audio, part, segment, emit_);
    report(src_audio_->configure(*config));
    if (open_.passthrough_only) report(audio_->configure(*config));
    if (src_audio_->waits_for_segment()) timeline_->request_cut();
  }
  if (open_.passthrough_only) return;
  if (transcoder_) {
    report(transcoder_->reconfigure(*config));
    return;
  }
  auto transcoder = av::VoiceTranscoder::create(
      *config, av::VoiceTranscoder::Target::aac, [this](base::ByteView frame, std::int64_t position) {
        const std::int64_t rate = transcoder_->output_config().sample_rate;
        add_audio(*audio_, timing::from_units(position, rate),
                  timing::from_units(transcoder_->frame_samples(), rate), {frame.begin(), frame.end()});
      });
  if (!transcoder) {
    base::log::warn("audio is not transcoded", {{"error", transcoder.error().message}});
    return;
  }
  transcoder_ = std::move(*transcoder);
  report(audio_->configure(transcoder_->output_config()));
}

void Session::pass_through(const AccessUnit& unit) {
  const std::int64_t rate = audio_in_use_->sample_rate;
  const auto position = sample_clock_->position(unit.pts, 1024);
  if (!position) {
    ++stats_.dropped_frames;
    return;
  }
  const MediaTime time = timing::from_units(*position, rate);
  const MediaTime duration = timing::from_units(1024, rate);
  add_audio(*src_audio_, time, duration, unit.bytes);
  if (open_.passthrough_only) add_audio(*audio_, time, duration, unit.bytes);
}

void Session::transcode(const AccessUnit& unit) {
  if (auto ok = transcoder_->push(unit.bytes, unit.pts); !ok) {
    ++stats_.dropped_frames;
    base::log::debug("audio frame not decodable", {{"error", ok.error().message}});
  }
}

void Session::add_audio(Rendition& rendition, MediaTime time, MediaTime duration,
                        std::vector<std::uint8_t> bytes) {
  if (time < open_.start) return;  // the encoder's priming, or a grid cell that began earlier
  const timing::Segment segment = timeline_->audio(time, time + duration / 2, false);
  Frame frame{.time = time, .pts = time, .duration = duration, .keyframe = true, .bytes = std::move(bytes)};
  if (!rendition.add(segment, std::move(frame))) ++stats_.dropped_frames;
}

void Session::finish() {
  if (clock_) release_audio(true);
  if (transcoder_) transcoder_->finish();
  for (Rendition* rendition : {src_.get(), src_audio_.get(), audio_.get()}) {
    if (rendition) rendition->finish();
  }
  if (ladder_) ladder_->finish();
}

wire::Stats Session::stats() const {
  wire::Stats stats = stats_;
  if (clock_) stats.input_errors += clock_->jumps();
  if (ladder_) stats.late_pictures = ladder_->dropped();
  return stats;
}

}  // namespace tongke::pipeline::worker::live
