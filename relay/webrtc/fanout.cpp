#include "relay/webrtc/fanout.hpp"

#include <algorithm>
#include <utility>

#include "relay/webrtc/viewer.hpp"

namespace tongke::relay::webrtc {
namespace {

using pipeline::wire::TrackKind;

/// More audio frames would wait too long for each other.
constexpr std::size_t kAudioTogether = 2;
constexpr base::MediaTime kStepsPace{std::chrono::milliseconds(500)};
/// Of what is offered: it is told this often that somebody watches, counts as made while its frames
/// are this near to the source's, and what did not come is tried again after this long.
constexpr std::chrono::seconds kWatchPace{5};
constexpr base::MediaTime kFresh{std::chrono::seconds(3)};
constexpr std::chrono::seconds kBarred{60};
/// Before a rate is known.
constexpr std::uint64_t kAssumedVideo = 300'000;
constexpr std::uint64_t kAssumedAudio = 40'000;

}  // namespace

Fanout::Fanout(Seed seed)
    : lesson_(std::move(seed.lesson)),
      media_zero_(seed.media_zero),
      keyframe_wanted_(std::move(seed.keyframe_wanted)),
      watched_(std::move(seed.watched)),
      offers_(std::move(seed.offers)) {
  for (const auto& frame : seed.frames) keep(frame);
  update_steps();
}

void Fanout::keep(const FramePtr& frame) {
  histories_[frame->rendition].push(frame);
  if (frame->kind == TrackKind::video && !is_offer(frame->rendition)) source_at_ = frame->pts;
  const bool first = histories_[frame->rendition].frames().size() == 1;
  if (first || frame->pts - steps_at_ >= kStepsPace || frame->pts < steps_at_) {
    steps_at_ = frame->pts;
    update_steps();
  }
}

void Fanout::update_steps() {
  std::uint64_t audio = 0;
  std::uint64_t source = 0;
  steps_.clear();
  for (std::size_t i = 0; i < histories_.size(); ++i) {
    const auto& history = histories_[i];
    if (history.empty()) continue;
    if (history.frames().back()->kind == TrackKind::audio) {
      audio = std::max(audio, history.bitrate());
    } else if (!is_offer(static_cast<std::uint8_t>(i))) {
      const std::uint64_t rate = history.bitrate() == 0 ? kAssumedVideo : history.bitrate();
      steps_.push_back({.rendition = static_cast<std::uint8_t>(i), .rate = rate});
      source = source == 0 ? rate : std::min(source, rate);
    }
  }
  add_offered_steps(source);
  if (audio == 0) audio = kAssumedAudio;
  for (auto& step : steps_) step.rate += audio;
  std::ranges::sort(steps_, {}, &Step::rate);
  steps_.insert(steps_.begin(), {.rendition = Step::kNoVideo, .rate = audio});
}

// What would take nearly as much as the source is no relief.
void Fanout::add_offered_steps(std::uint64_t source_rate) {
  const auto now = base::Steady::now();
  for (const auto& offer : offers_) {
    if (offer.rate == 0 || now < offer.barred_until) continue;
    const std::uint64_t known = is_made(offer.rendition) ? histories_[offer.rendition].bitrate() : 0;
    const std::uint64_t rate = known == 0 ? offer.rate : known;
    if (rate * 5 < source_rate * 4) steps_.push_back({.rendition = offer.rendition, .rate = rate});
  }
}

void Fanout::set_offers(std::vector<Offer> offers) {
  offers_ = std::move(offers);
  update_steps();
}

bool Fanout::is_offer(std::uint8_t rendition) const noexcept {
  return std::ranges::find(offers_, rendition, &Offer::rendition) != offers_.end();
}

bool Fanout::is_made(std::uint8_t rendition) const noexcept {
  const auto& history = histories_[rendition];
  return !history.empty() && history.frames().back()->pts + kFresh >= source_at_;
}

void Fanout::watch(std::uint8_t rendition, base::Steady::time_point now) {
  if (!is_offer(rendition) || !watched_ || now - watched_at_[rendition] < kWatchPace) return;
  watched_at_[rendition] = now;
  watched_(rendition);
}

void Fanout::bar(std::uint8_t rendition, base::Steady::time_point now) {
  const auto offer = std::ranges::find(offers_, rendition, &Offer::rendition);
  if (offer == offers_.end()) return;
  offer->barred_until = now + kBarred;
  update_steps();
}

void Fanout::frame(FramePtr frame, base::Steady::time_point now) {
  keep(frame);
  if (frame->kind == TrackKind::audio) {
    group_audio(frame);
    if (waiting_audio_.size() >= kAudioTogether) flush_audio(now, true);
    if (waiting_audio_.empty()) waiting_since_ = now;
    waiting_audio_.push_back(std::move(frame));
    return;
  }
  const Sound riding = take_waiting();
  for (auto* viewer : viewers_) viewer->video(frame, riding, now);
}

Fanout::Sound Fanout::take_waiting() {
  Sound sound{.frames = std::exchange(waiting_audio_, {}), .joined = nullptr};
  if (sound.frames.size() < kAudioTogether) return sound;
  OpusGroup pair;
  for (const auto& frame : sound.frames) {
    if (!pair.takes(*frame)) return sound;
    pair.add(frame);
  }
  sound.joined = pair.joined();
  return sound;
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
  const Sound leaving = take_waiting();
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
