#include "relay/webrtc/program.hpp"

#include <algorithm>

namespace tongke::relay::webrtc {
namespace {

using pipeline::wire::Frame;
using pipeline::wire::TrackKind;

/// Audio this near its place follows its predecessor to the sample: players hear a gap of one.
constexpr std::int32_t kSnap = static_cast<std::int32_t>(kAudioClock / 50);
/// So often in a GOP is B-frames. A step or two is a publisher's clock being set right by its
/// sender reports.
constexpr std::uint32_t kStepsBack = 3;

}  // namespace

Program::Rendition* Program::rendition(const std::string& name, TrackKind kind) {
  const auto found = renditions_.find(name);
  if (found != renditions_.end()) return found->second.kind == kind ? &found->second : nullptr;
  if (renditions_.size() >= Fanout::kMaxRenditions) return nullptr;
  auto& added = renditions_[name];
  added.index = static_cast<std::uint8_t>(renditions_.size() - 1);
  added.kind = kind;
  return &added;
}

std::vector<Fanout::Offer> Program::offer(const std::vector<const pipeline::wire::LadderStep*>& steps) {
  std::vector<Fanout::Offer> offers;
  for (const auto& step : pipeline::wire::kLadder) {
    const auto* known = rendition(std::string(step.name), TrackKind::video);
    const bool offered = std::ranges::find(steps, &step) != steps.end();
    if (known) offers.push_back({.rendition = known->index, .rate = offered ? step.video_bps : 0});
  }
  return offers;
}

std::string Program::name_of(std::uint8_t rendition) const {
  for (const auto& [name, known] : renditions_)
    if (known.index == rendition) return name;
  return {};
}

std::uint32_t Program::time_of(Rendition& rendition, const Frame& frame) {
  if (frame.kind == TrackKind::video) return rtp_time(frame.pts, kVideoClock);
  std::uint32_t time = rtp_time(frame.pts, kAudioClock);
  if (rendition.next_rtp_time) {
    const auto off = static_cast<std::int32_t>(time - *rendition.next_rtp_time);
    if (off > -kSnap && off < kSnap) time = *rendition.next_rtp_time;
  }
  rendition.next_rtp_time = time + rtp_time(frame.duration, kAudioClock);
  return time;
}

void Program::watch_order(Rendition& rendition, const Frame& frame) {
  if (frame.key) {
    rendition.reordered = rendition.steps_back >= kStepsBack;
    rendition.steps_back = 0;
  } else if (frame.pts < rendition.last && ++rendition.steps_back >= kStepsBack) {
    rendition.reordered = true;
    rendition.history.clear();
  }
  rendition.last = frame.pts;
}

FramePtr Program::add(const Frame& frame) {
  Rendition* found = rendition(frame.rendition, frame.kind);
  if (!found || frame.codec != (frame.kind == TrackKind::video ? "h264" : "opus")) return nullptr;
  if (frame.kind == TrackKind::video) watch_order(*found, frame);
  if (found->reordered) return nullptr;
  auto made = MediaFrame::make(frame, found->index, found->frames, time_of(*found, frame));
  if (!made) return nullptr;
  if (frame.kind == TrackKind::audio && made->packets.size() != 1) return nullptr;
  ++found->frames;
  if (!media_zero_) media_zero_ = std::chrono::system_clock::now() - frame.pts;
  found->history.push(made);
  return made;
}

Fanout::Seed Program::seed(const std::string& lesson) const {
  Fanout::Seed seed;
  seed.lesson = lesson;
  seed.media_zero = media_zero_.value_or(std::chrono::system_clock::now());
  for (const auto& [name, rendition] : renditions_) {
    if (rendition.kind == TrackKind::audio) continue;
    seed.frames.insert(seed.frames.end(), rendition.history.frames().begin(),
                       rendition.history.frames().end());
  }
  return seed;
}

bool Program::reordered() const noexcept {
  bool any = false;
  for (const auto& [name, rendition] : renditions_) {
    if (rendition.kind != TrackKind::video || pipeline::wire::find_step(name) != nullptr) continue;
    if (!rendition.reordered) return false;
    any = true;
  }
  return any;
}

}  // namespace tongke::relay::webrtc
