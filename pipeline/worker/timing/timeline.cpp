#include "pipeline/worker/timing/timeline.hpp"

#include <chrono>

namespace tongke::pipeline::worker::timing {
namespace {

constexpr MediaTime kShortestRescue = std::chrono::milliseconds(400);
/// Audio trails video by less than this many segments, or it is dropped long before.
constexpr std::size_t kRemembered = 16;

}  // namespace

Timeline::Timeline(MediaTime target, MediaTime start, std::uint32_t first_msn, bool independent)
    : target_(target) {
  segments_.push_back({.msn = first_msn, .start = start, .independent = independent});
}

Segment Timeline::video(MediaTime at, MediaTime duration, bool keyframe, bool must_cut) {
  const Segment open = segments_.back();
  if (at <= open.start) return holding(at);
  const MediaTime length = at - open.start;
  const bool at_keyframe =
      keyframe && (length >= target_ * 3 / 4 || (!open.independent && length >= kShortestRescue));
  const bool too_long = length + duration > target_ * 6 / 5;
  if (at_keyframe || too_long || must_cut || cut_requested_) return cut(at, keyframe);
  return open;
}

Segment Timeline::audio(MediaTime start, MediaTime middle, bool may_cut) {
  const Segment open = segments_.back();
  if (middle < open.start) return holding(middle);
  if (may_cut && start > open.start && (cut_requested_ || middle - open.start >= target_))
    return cut(start, false);
  return open;
}

Segment Timeline::cut(MediaTime at, bool independent) {
  cut_requested_ = false;
  segments_.push_back({.msn = segments_.back().msn + 1, .start = at, .independent = independent});
  if (segments_.size() > kRemembered) segments_.pop_front();
  return segments_.back();
}

Segment Timeline::holding(MediaTime at) const {
  for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment) {
    if (segment->start <= at) return *segment;
  }
  return segments_.front();
}

}  // namespace tongke::pipeline::worker::timing
