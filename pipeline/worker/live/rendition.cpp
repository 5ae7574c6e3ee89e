#include "pipeline/worker/live/rendition.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "pipeline/worker/av/codec_string.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::live {

using base::MediaTime;

Rendition::Rendition(std::string name, TrackKind kind, MediaTime part_target, MediaTime segment_target,
                     Emit emit)
    : name_(std::move(name)),
      kind_(kind),
      cutter_(kind == TrackKind::video ? timing::PartCutter::Rule::video : timing::PartCutter::Rule::audio,
              part_target),
      longest_segment_(segment_target * 6 / 5),
      emit_(std::move(emit)) {}

base::Result<void> Rendition::configure(const StreamConfig& config) {
  const auto& now = next_ ? next_ : muxer_;
  if (now && now->config == config) return {};
  auto codecs = kind_ == TrackKind::video ? av::avc_codec_string(config.extradata)
                                          : av::aac_codec_string(config.extradata);
  if (!codecs) return std::move(codecs).error().in(name_);
  auto muxer = av::FragmentMuxer::create(config);
  if (!muxer) return std::move(muxer).error().in(name_);
  next_ = std::make_unique<Muxer>(Muxer{config, std::move(*codecs), std::move(*muxer)});
  return {};
}

bool Rendition::add(const timing::Segment& segment, Frame frame) {
  const bool begins_segment = !pending_ || segment.msn != segment_.msn;
  if (!muxer_ && !next_) return false;
  if (next_ && muxer_ && !begins_segment) return false;

  if (pending_) settle(frame.time);
  const timing::Place place = cutter_.place(segment, frame.time, frame.duration);
  if (place.begins_part && part_) emit_part(place.begins_segment);
  if (next_ && place.begins_segment) {
    muxer_ = std::exchange(next_, nullptr);
    emit_init();
    frame.pts = frame.time;  // the muxer takes its constant presentation delay from the first frame
  }
  if (!part_) {
    part_ = wire::Part{.rendition = name_,
                       .msn = place.msn,
                       .index = place.index,
                       .independent = frame.keyframe,
                       .keyframe = place.begins_segment && frame.keyframe ? frame.keyframe_number : 0,
                       .start = frame.time,
                       .duration = MediaTime(0)};
  }
  pending_ = std::move(frame);
  segment_ = segment;
  return true;
}

void Rendition::finish() {
  if (!pending_) return;
  settle(pending_->time + pending_->duration);
  emit_part(true);
}

// Gives the pending frame its duration and writes it.
void Rendition::settle(MediaTime until) {
  MediaTime duration = until - pending_->time;
  if (kind_ == TrackKind::audio) {
    // A hole in the sound is no long frame.
    if (duration > pending_->duration * 3 / 2) duration = pending_->duration;
  } else {
    // A picture that stands still for long must not stretch its segment past the target.
    const MediaTime left = segment_.start + longest_segment_ - pending_->time;
    if (duration > left) duration = std::min(duration, std::max(left, pending_->duration));
  }
  const std::int64_t rate = muxer_->muxer->rate();
  const std::int64_t time = timing::to_units(pending_->time, rate);
  const std::int64_t ticks = timing::to_units(pending_->time + duration, rate) - time;
  if (auto ok = muxer_->muxer->write(pending_->bytes, timing::to_units(pending_->pts, rate), time, ticks,
                                     pending_->keyframe);
      !ok)
    base::log::warn("frame not packaged", {{"rendition", name_}, {"error", ok.error().message}});
  part_->duration = pending_->time + duration - part_->start;
  pending_.reset();
}

void Rendition::emit_part(bool ends_segment) {
  auto bytes = muxer_->muxer->cut();
  if (bytes && !bytes->empty()) {
    part_->ends_segment = ends_segment;
    part_->bytes = std::move(*bytes);
    emit_(std::move(*part_));
  } else if (!bytes) {
    base::log::warn("part not packaged", {{"rendition", name_}, {"error", bytes.error().message}});
  }
  part_.reset();
}

void Rendition::emit_init() {
  const StreamConfig& config = muxer_->config;
  emit_(wire::Init{.rendition = name_,
                   .kind = kind_,
                   .codecs = muxer_->codecs,
                   .width = config.width,
                   .height = config.height,
                   .frame_rate = config.frame_rate,
                   .bytes = muxer_->muxer->init()});
}

}  // namespace tongke::pipeline::worker::live
