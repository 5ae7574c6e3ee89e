#include "pipeline/worker/ladder/layer.hpp"

#include <algorithm>
#include <utility>

namespace tongke::pipeline::worker::ladder {
namespace {

using base::MediaTime;
using namespace std::chrono_literals;

constexpr MediaTime kTick = 1ms;
/// How long the first picture is taken to last.
constexpr MediaTime kExpected = 33ms;

std::uint32_t side(const StreamConfig& config) { return std::min(config.width, config.height); }

/// Pictures of one camera, scaled: sides are rounded, by some encoders to multiples of 16.
bool same_shape(const StreamConfig& a, const StreamConfig& b) {
  const std::uint64_t left = std::uint64_t{a.width} * b.height;
  const std::uint64_t right = std::uint64_t{b.width} * a.height;
  return std::max(left, right) - std::min(left, right) <= std::max(left, right) / 20;
}

}  // namespace

const wire::LadderStep* Layer::step_of(const StreamConfig& layer, const StreamConfig& source) {
  if (layer.codec != "h264" || side(layer) == 0 || side(layer) >= side(source) || !same_shape(layer, source))
    return nullptr;
  for (const wire::LadderStep& step : wire::kLadder) {
    const std::uint32_t lines = side(layer);
    if (has_step(step, {source.width, source.height}) && lines * 8 >= step.side * 7 &&
        lines * 8 <= step.side * 9)
      return &step;
  }
  return nullptr;
}

void Layer::source(const timing::Segment& segment, MediaTime pts, bool keyframe) {
  if (segments_.empty() || segments_.back().msn != segment.msn) segments_.push_back(segment);
  while (segments_.size() > kKept) segments_.pop_front();
  source_pts_ = std::max(source_pts_, pts);
  if (keyframe) source_key_ = pts;
  if (current_ && silent()) lose();
  place();
}

void Layer::add(std::shared_ptr<const StreamConfig> config, MediaTime pts, bool keyframe,
                std::vector<std::uint8_t> bytes) {
  heard_ = std::max(pts, source_pts_);
  if (held_.size() == kMaxHeld) {
    held_.clear();
    lose();
  }
  held_.push_back({std::move(config), pts, keyframe, std::move(bytes)});
  place();
}

std::optional<std::uint32_t> Layer::newest() const {
  return current_ ? std::optional(current_->segment.msn) : std::nullopt;
}

bool Layer::start(std::uint32_t msn, bool exactly) {
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    const bool begins = i == 0 || kept_[i - 1].segment.msn != kept_[i].segment.msn;
    if (!begins || kept_[i].segment.msn < msn) continue;
    if (exactly && kept_[i].segment.msn != msn) return false;
    next_ = gone_ + i;
    return true;
  }
  return false;
}

std::vector<Made> Layer::take() {
  std::vector<Made> made;
  if (!next_) return made;
  made.assign(kept_.begin() + static_cast<std::ptrdiff_t>(std::max(*next_, gone_) - gone_), kept_.end());
  next_ = gone_ + kept_.size();
  return made;
}

void Layer::place() {
  while (!held_.empty()) {
    if (held_.front().keyframe) {
      if (const auto* segment = beginning_with(held_.front().pts)) {
        begin(*segment, held_.front().pts);
      } else if (may_begin_yet(held_.front())) {
        return;
      }
    }
    Held picture = std::move(held_.front());
    held_.pop_front();
    if (has_missed_one(picture.pts)) lose();
    if (current_) put(std::move(picture));
  }
}

// The source's keyframe for it may still be on its way.
bool Layer::may_begin_yet(const Held& picture) const {
  if (source_pts_ >= picture.pts + kNear) return false;
  return !source_key_ || *source_key_ < picture.pts - kNear;
}

const timing::Segment* Layer::beginning_with(MediaTime pts) const {
  for (const timing::Segment& segment : segments_) {
    const bool later = !current_ || segment.msn > current_->segment.msn;
    if (later && segment.independent && segment.start - pts <= kNear && pts - segment.start <= kNear)
      return &segment;
  }
  return nullptr;
}

void Layer::begin(const timing::Segment& segment, MediaTime pts) {
  const bool follows = current_ && current_->segment.msn + 1 == segment.msn;
  if (current_ && (!follows || !within_rate())) lose();
  if (follows && current_) proven_ = std::min(proven_ + 1, kLongestProof);
  current_ = Current{segment, segment.start - pts};
  while (!kept_.empty() && kept_.front().segment.msn + kKept <= segment.msn) {
    kept_.pop_front();
    ++gone_;
  }
}

bool Layer::has_missed_one(MediaTime pts) const {
  if (!current_) return false;
  return std::ranges::any_of(segments_, [&](const timing::Segment& segment) {
    return segment.msn > current_->segment.msn && segment.start + kNear < pts;
  });
}

// In a window whose beginning has not been seen, what is there counts alone.
bool Layer::within_rate() const {
  std::size_t bytes = 0;
  for (const auto& [time, size] : sizes_) bytes += size;
  return static_cast<double>(bytes) * 8 <= step_->video_bps * base::seconds(kRateWindow);
}

void Layer::put(Held picture) {
  MediaTime pts = picture.pts + current_->shift;
  MediaTime duration = kExpected;
  if (!kept_.empty()) {
    const MediaTime last = kept_.back().pts;
    pts = std::max(pts, last + kTick);
    duration = std::min(pts - last, kSilence);
  }
  sizes_.emplace_back(pts, picture.bytes.size());
  while (!sizes_.empty() && pts - sizes_.front().first > kRateWindow) sizes_.pop_front();
  kept_.push_back({.step = step_,
                   .config = std::move(picture.config),
                   .segment = current_->segment,
                   .pts = pts,
                   .duration = duration,
                   .keyframe = picture.keyframe,
                   .bytes = std::move(picture.bytes)});
}

void Layer::lose() {
  current_.reset();
  if (trusted()) proof_ = std::min(proof_ * 2, kLongestProof);
  proven_ = 0;
}

}  // namespace tongke::pipeline::worker::ladder
