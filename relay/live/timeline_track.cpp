#include "relay/live/timeline_track.hpp"

#include <algorithm>
#include <utility>

namespace tongke::relay::live {

using namespace std::chrono_literals;

namespace {

constexpr base::MediaTime kRateWindow = 10s;
/// Shorter windows (a segment cut by a leaving publisher) say nothing about the rate.
constexpr base::MediaTime kShortestRateWindow = 1s;
/// Part durations come from a 90 kHz clock; this much over the target is rounding.
constexpr base::MediaTime kRounding = 500us;

std::uint64_t bits_per_second(std::uint64_t bytes, base::MediaTime duration) {
  if (duration <= 0us) return 0;
  return bytes * 8'000'000 / static_cast<std::uint64_t>(duration.count());
}

bool same_init(const RenditionInit& a, const RenditionInit& b) {
  return a.codecs == b.codecs && a.width == b.width && a.height == b.height &&
         std::ranges::equal(a.bytes.view(), b.bytes.view());
}

}  // namespace

TimelineTrack::TimelineTrack(Settings settings)
    : settings_(std::move(settings)),
      part_target_(settings_.part_target),
      shared_inits_(std::make_shared<const RenditionSnapshot::Inits>()),
      shared_history_(std::make_shared<const SegmentHistory>()) {}

void TimelineTrack::begin_at(std::uint32_t msn, std::size_t epoch) noexcept {
  next_msn_ = msn;
  epoch_ = epoch;
  discontinuities_before_ = static_cast<std::uint32_t>(epoch);
}

std::shared_ptr<const RenditionInit> TimelineTrack::take_init(RenditionInit init, bool recorded) {
  snapshot_.reset();
  const std::uint32_t before = recorded ? recorded_init_.value_or(init_) : init_;
  const auto known = std::ranges::find(inits_, before, [](const auto& each) { return each->number; });
  if (known != inits_.end() && same_init(**known, init)) {
    init_ = before;
    return nullptr;
  }
  init.number = inits_.empty() ? 0 : inits_.back()->number + 1;
  // One frame of a slow video may be longer than the part target of the lesson.
  if (init.frame_rate > 0) {
    raise_part_target(base::MediaTime(static_cast<std::int64_t>(1e6 / std::max(init.frame_rate, 0.1))));
  }
  auto shared = std::make_shared<const RenditionInit>(std::move(init));
  restore_init(shared);
  if (recorded) recorded_init_ = shared->number;
  return shared;
}

void TimelineTrack::restore_init(std::shared_ptr<const RenditionInit> init) {
  init_ = init->number;
  inits_.push_back(std::move(init));
  shared_inits_ = std::make_shared<const RenditionSnapshot::Inits>(inits_);
  snapshot_.reset();
}

void TimelineTrack::raise_part_target(base::MediaTime target) {
  if (target <= part_target_ + kRounding) return;
  part_target_ = std::chrono::ceil<std::chrono::milliseconds>(target);
  snapshot_.reset();
}

void TimelineTrack::note_begun(const SegmentInfo& segment) {
  started_ = true;
  next_msn_ = segment.msn + 1;
  listed_init_ = segment.init;
  newest_start_ = segment.start;
  end_time_ = std::max(end_time_, segment.start + segment.duration);
  if (segment.discontinuity) ++epoch_;
  all_independent_ = all_independent_ && segment.independent;
  snapshot_.reset();
}

void TimelineTrack::add_settled(SegmentInfo segment) {
  // Lost segments may follow segments in memory: they take their place in the same row.
  note_begun(segment);
  if (segment.bytes != 0) measure(segment);
  if (held_.empty()) {
    settle(segment);
  } else {
    push_held(std::make_shared<const HeldSegment>(HeldSegment{segment, {}, true}));
  }
}

void TimelineTrack::fill_until(std::uint32_t msn, base::MediaTime start,
                               const std::vector<std::uint32_t>& epochs) {
  if (msn <= next_msn_) return;
  const std::uint32_t count = msn - next_msn_;
  const base::MediaTime begin = std::min(end_time_, start);
  const base::MediaTime each =
      std::clamp<base::MediaTime>((start - begin) / count, 1ms, settings_.longest_filler);
  // What was lost before a discontinuity follows what is there; what was lost after it leads
  // to what comes. The pause itself lies between.
  const auto newest_epoch = std::ranges::upper_bound(epochs, msn);
  const std::uint32_t resumed = newest_epoch == epochs.begin() ? 0 : *std::prev(newest_epoch);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t number = next_msn_;
    const base::MediaTime forward = std::min(begin + each * i, start);
    const base::MediaTime backward = std::max(start - each * (count - i), begin);
    const bool discontinuity = epoch_ < epochs.size() && epochs[epoch_] <= number;
    add_settled(SegmentInfo{.msn = number,
                            .init = listed_init_,
                            .independent = true,
                            .discontinuity = discontinuity,
                            .start = number < resumed ? forward : backward,
                            .duration = each,
                            .bytes = 0});
  }
}

void TimelineTrack::begin_segment(base::MediaTime start, bool independent, bool discontinuity) {
  SegmentInfo info{.msn = next_msn_,
                   .init = init_,
                   .independent = independent,
                   .discontinuity = discontinuity,
                   .start = start,
                   .duration = 0us,
                   .bytes = 0};
  note_begun(info);
  open_.emplace(HeldSegment{info, {}, false});
}

void TimelineTrack::add_part(MediaPart part) {
  snapshot_.reset();
  raise_part_target(part.duration);
  newest_start_ = part.start;
  end_time_ = std::max(end_time_, part.start + part.duration);
  // From the start, not by adding up: roundings of single parts must not accumulate.
  open_->info.duration = part.start + part.duration - open_->info.start;
  open_->info.bytes += part.bytes.size();
  open_->parts.push_back(std::move(part));
}

void TimelineTrack::complete_segment() {
  open_->complete = true;
  const SegmentInfo info = open_->info;
  auto segment = std::make_shared<const HeldSegment>(*std::move(open_));
  open_.reset();
  measure(info);
  push_held(std::move(segment));
}

void TimelineTrack::push_held(std::shared_ptr<const HeldSegment> segment) {
  snapshot_.reset();
  held_duration_ += segment->info.duration;
  held_.push_back(std::move(segment));
  // By duration, not by clock: after a pause of the publisher, players still play what came before it.
  while (held_.size() > 1 && held_duration_ - held_.front()->info.duration >= settings_.keep) {
    const SegmentInfo oldest = held_.front()->info;
    held_duration_ -= oldest.duration;
    held_.pop_front();
    settle(oldest);
  }
}

void TimelineTrack::settle(SegmentInfo segment) {
  if (std::erase(lost_, segment.msn) != 0 || !settings_.recorded) segment.bytes = 0;
  settled_.push_back(segment);
  if (settled_.size() < SegmentBlock::kSize) return;
  history_.push_back(std::make_shared<const SegmentBlock>(SegmentBlock{std::exchange(settled_, {})}));
  if (history_.size() * SegmentBlock::kSize > settings_.max_segments) {
    discontinuities_before_ += static_cast<std::uint32_t>(
        std::ranges::count_if(history_.front()->segments, [](const auto& s) { return s.discontinuity; }));
    history_.erase(history_.begin());
  }
  shared_history_ = std::make_shared<const SegmentHistory>(history_);
}

void TimelineTrack::mark_lost(std::uint32_t msn) {
  const auto same = [&](const SegmentInfo& s) { return s.msn == msn; };
  if ((open_ && open_->info.msn == msn) ||
      std::ranges::any_of(held_, [&](const auto& held) { return same(held->info); })) {
    if (std::ranges::find(lost_, msn) == lost_.end()) lost_.push_back(msn);
    return;
  }
  snapshot_.reset();
  if (const auto found = std::ranges::find_if(settled_, same); found != settled_.end()) {
    found->bytes = 0;
    return;
  }
  for (auto& block : history_) {
    if (msn < block->segments.front().msn || msn > block->segments.back().msn) continue;
    SegmentBlock copy = *block;
    std::ranges::find_if(copy.segments, same)->bytes = 0;
    block = std::make_shared<const SegmentBlock>(std::move(copy));
    shared_history_ = std::make_shared<const SegmentHistory>(history_);
    return;
  }
}

void TimelineTrack::drop_from(std::uint32_t msn) {
  if (!started_ || msn >= next_msn_) return;
  snapshot_.reset();
  const auto drop = [&](auto& row, const auto& number_of) {
    while (!row.empty() && number_of(row.back()) >= msn) row.pop_back();
  };
  while (!held_.empty() && held_.back()->info.msn >= msn) {
    held_duration_ -= held_.back()->info.duration;
    held_.pop_back();
  }
  drop(settled_, [](const SegmentInfo& segment) { return segment.msn; });
  drop(history_, [](const auto& block) { return block->segments.front().msn; });
  if (settled_.empty() && !history_.empty() && history_.back()->segments.back().msn >= msn) {
    settled_ = history_.back()->segments;  // blocks are whole or not at all
    history_.pop_back();
    drop(settled_, [](const SegmentInfo& segment) { return segment.msn; });
  }
  shared_history_ = std::make_shared<const SegmentHistory>(history_);
  next_msn_ = msn;
  const SegmentInfo* last = !held_.empty()      ? &held_.back()->info
                            : !settled_.empty() ? &settled_.back()
                            : !history_.empty() ? &history_.back()->segments.back()
                                                : nullptr;
  end_time_ = last != nullptr ? last->start + last->duration : base::MediaTime(0);
}

void TimelineTrack::measure(const SegmentInfo& segment) {
  const Measured measured{segment.duration, segment.bytes};
  window_.push_back(measured);
  for (Measured* sum : {&window_sum_, &total_}) {
    sum->duration += measured.duration;
    sum->bytes += measured.bytes;
  }
  while (window_sum_.duration - window_.front().duration >= kRateWindow) {
    window_sum_.duration -= window_.front().duration;
    window_sum_.bytes -= window_.front().bytes;
    window_.pop_front();
  }
  if (window_sum_.duration >= kShortestRateWindow) {
    peak_bps_ = std::max(peak_bps_, bits_per_second(window_sum_.bytes, window_sum_.duration));
  }
}

std::shared_ptr<const RenditionSnapshot> TimelineTrack::snapshot() {
  if (snapshot_) return snapshot_;
  auto made = std::make_shared<RenditionSnapshot>();
  made->id = settings_.id;
  made->kind = settings_.kind;
  made->inits = shared_inits_;
  made->history = shared_history_;
  made->settled = settled_;
  made->held.assign(held_.begin(), held_.end());
  if (open_) made->held.push_back(std::make_shared<const HeldSegment>(*open_));
  made->discontinuities_before = discontinuities_before_;
  made->part_target = part_target_;
  made->all_independent = all_independent_;
  made->peak_bps = peak_bps_;
  made->average_bps = bits_per_second(total_.bytes, total_.duration);
  snapshot_ = std::move(made);
  return snapshot_;
}

}  // namespace tongke::relay::live
