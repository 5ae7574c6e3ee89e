#include "relay/webrtc/fanout.hpp"

#include <algorithm>
#include <utility>

#include "relay/webrtc/viewer.hpp"

namespace tongke::relay::webrtc {
namespace {

using pipeline::wire::TrackKind;

/// Two audio frames leave together; more would wait too long.
constexpr std::size_t kAudioTogether = 2;
constexpr base::MediaTime kStepsPace{std::chrono::milliseconds(500)};
/// Before a rate is known.
constexpr std::uint64_t kAssumedVideo = 300'000;
constexpr std::uint64_t kAssumedAudio = 40'000;

}  // namespace

Fanout::Fanout(Seed seed)
    : lesson_(std::move(seed.lesson)),
      media_zero_(seed.media_zero),
      keyframe_wanted_(std::move(seed.keyframe_wanted)) {
  for (const auto& frame : seed.frames) keep(frame);
  update_steps();
}

void Fanout::keep(const FramePtr& frame) {
  histories_[frame->rendition].push(frame);
  const bool first = histories_[frame->rendition].frames().size() == 1;
  if (first || frame->pts - steps_at_ >= kStepsPace || frame->pts < steps_at_) {
    steps_at_ = frame->pts;
    update_steps();
  }
}

void Fanout::update_steps() {
  std::uint64_t audio = 0;
  steps_.clear();
  for (std::size_t i = 0; i < histories_.size(); ++i) {
    const auto& history = histories_[i];
    if (history.empty()) continue;
    if (history.frames().back()->kind == TrackKind::audio) {
      audio = std::max(audio, history.bitrate());
    } else {
      steps_.push_back({.rendition = static_cast<std::uint8_t>(i),
                        .rate = history.bitrate() == 0 ? kAssumedVideo : history.bitrate()});
    }
  }
  if (audio == 0) audio = kAssumedAudio;
  for (auto& step : steps_) step.rate += audio;
  std::ranges::sort(steps_, {}, &Step::rate);
  steps_.insert(steps_.begin(), {.rendition = Step::kNoVideo, .rate = audio});
}

void Fanout::frame(FramePtr frame, base::Steady::time_point now) {
  keep(frame);
  if (frame->kind == TrackKind::audio) {
    group_audio(frame);
    if (waiting_audio_.empty()) waiting_since_ = now;
    waiting_audio_.push_back(std::move(frame));
    if (waiting_audio_.size() >= kAudioTogether) flush_audio(now, true);
    return;
  }
  const auto riding = std::exchange(waiting_audio_, {});
  for (auto* viewer : viewers_) viewer->video(frame, riding, now);
}

void Fanout::group_audio(const FramePtr& frame) {
  if (!audio_group_.takes(*frame)) end_audio_group();
  audio_group_.add(frame);
  if (audio_group_.full()) end_audio_group();
}

void Fanout::end_audio_group() {
  FramePtr joined;
  for (auto* viewer : viewers_) {
    if (viewer->thrifty()) {
      if (!joined) joined = audio_group_.joined();
      viewer->joined_audio(joined);
    }
    viewer->audio_group_ended(audio_group_.last());
  }
  audio_group_.clear();
}

void Fanout::flush_audio(base::Steady::time_point now, bool all) {
  if (waiting_audio_.empty() || (!all && now - waiting_since_ < kAudioWait)) return;
  const auto leaving = std::exchange(waiting_audio_, {});
  for (auto* viewer : viewers_) viewer->audio(leaving);
}

void Fanout::request_keyframe(base::Steady::time_point now) {
  if (now - requested_ < kKeyframePace) return;
  requested_ = now;
  keyframe_wanted_();
}

const MediaFrame* Fanout::find(std::uint8_t rendition, std::uint32_t number) const noexcept {
  return rendition < histories_.size() ? histories_[rendition].find(number) : nullptr;
}

}  // namespace tongke::relay::webrtc
