#include "relay/live/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/metrics.hpp"

namespace tongke::relay::live {

using namespace std::chrono_literals;
using pipeline::wire::Init;
using pipeline::wire::Part;

namespace {

/// Audio is cut on the video's part grid, so a part may be one AAC frame longer
/// (1024 samples at 44.1 kHz).
constexpr base::MediaTime kAudioPartExcess = 24ms;
constexpr base::MediaTime kLongestPart = 10s;
/// A jump over more numbers than this is a broken child, not a pause.
constexpr std::uint32_t kLongestJump = 20'000;
constexpr std::uint32_t kHighestMsn = 1U << 31U;

base::MediaTime whole_seconds(base::MediaTime duration) {
  return std::chrono::seconds(std::max<std::int64_t>(1, std::llround(base::seconds(duration))));
}

struct Metrics {
  base::metrics::Counter& duplicates = base::metrics::counter(
      "tongke_live_duplicate_parts_total", "Parts replayed by restarted pipeline children");
  base::metrics::Counter& rejected = base::metrics::counter("tongke_live_rejected_parts_total",
                                                            "Parts out of order, malformed or after the end");
  base::metrics::Counter& lost =
      base::metrics::counter("tongke_live_lost_segments_total", "Segments listed as lost (EXT-X-GAP)");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

}  // namespace

Timeline::Timeline(std::string lesson, base::WallTime started, TimelineSettings settings)
    : lesson_(std::move(lesson)),
      started_(started),
      settings_(settings),
      target_duration_(whole_seconds(settings.segment)),
      gaps_(std::make_shared<const std::vector<Gap>>()) {}

TimelineTrack* Timeline::find(std::string_view rendition) noexcept {
  const auto found =
      std::ranges::find_if(tracks_, [&](const auto& track) { return track->id() == rendition; });
  return found == tracks_.end() ? nullptr : found->get();
}

TimelineTrack& Timeline::add_track(const std::string& id, TrackKind kind) {
  TimelineTrack::Settings settings{
      .id = id,
      .kind = kind,
      .part_target = settings_.part + (kind == TrackKind::audio ? kAudioPartExcess : 0us),
      .longest_filler = target_duration_,
      .keep = settings_.keep,
      .max_segments = settings_.max_segments,
      .recorded = settings_.records_ladder || pipeline::wire::find_step(id) == nullptr};
  return *tracks_.emplace_back(std::make_unique<TimelineTrack>(std::move(settings)));
}

void Timeline::init(const Init& init) {
  if (ended_) return;
  TimelineTrack* track = find(init.rendition);
  if (track == nullptr) track = &add_track(init.rendition, init.kind);
  const auto taken = track->take_init(RenditionInit{.number = 0,
                                                    .codecs = init.codecs,
                                                    .width = init.width,
                                                    .height = init.height,
                                                    .frame_rate = init.frame_rate,
                                                    .bytes = init.bytes},
                                      recording_);
  if (!taken) return;
  // Unless this rendition is about to pass a discontinuity anyway, its change is a new one.
  const bool behind = track->epoch() < epochs_.size();
  if (!track->empty() && !behind) discontinuity_pending_ = true;
  if (listener_ != nullptr && recording_) listener_->new_init(track->id(), track->kind(), taken);
}

Timeline::Taken Timeline::count(Taken taken) {
  switch (taken) {
    case Taken::accepted:
      ++counts_.accepted;
      break;
    case Taken::duplicate:
      ++counts_.duplicates;
      metrics().duplicates.Increment();
      break;
    case Taken::rejected:
      ++counts_.rejected;
      metrics().rejected.Increment();
      break;
  }
  return taken;
}

bool Timeline::acceptable(const TimelineTrack& track, const Part& part) const noexcept {
  if (part.bytes.empty() || part.duration <= 0us || part.duration > kLongestPart || part.start < 0us)
    return false;
  if (part.msn > kHighestMsn) return false;
  if (!track.empty() && part.start < track.newest_start()) return false;
  if (track.open() != nullptr && part.msn + 1 == track.next_msn())
    return part.index == track.open()->parts.size();
  // Only a segment whose beginning we have can be listed.
  return part.index == 0 && (track.empty() || part.msn - track.next_msn() <= kLongestJump);
}

Timeline::Taken Timeline::part(const Part& part) {
  TimelineTrack* const track = find(part.rendition);
  if (track == nullptr || ended_) return count(Taken::rejected);
  if (!track->empty() && part.msn < track->next_msn()) {
    const bool filling = track->open() != nullptr && part.msn + 1 == track->next_msn();
    if (!filling || part.index < track->open()->parts.size()) return count(Taken::duplicate);
  }
  if (!acceptable(*track, part)) return count(Taken::rejected);

  if (track->open() == nullptr || part.msn >= track->next_msn()) begin_segment(*track, part);
  MediaPart taken{.index = part.index,
                  .independent = part.independent,
                  .start = part.start,
                  .duration = part.duration,
                  .bytes = part.bytes};
  track->add_part(taken);
  if (listener_ != nullptr && recording_) {
    listener_->part_accepted(track->id(), track->open()->info, taken, part.ends_segment);
  }
  if (part.ends_segment) track->complete_segment();
  return count(Taken::accepted);
}

void Timeline::begin_segment(TimelineTrack& track, const Part& part) {
  if (track.open() != nullptr) track.complete_segment();
  if (discontinuity_pending_) {
    epochs_.push_back(part.msn);
    discontinuity_pending_ = false;
  }
  pass_over(track, part);
  const bool discontinuity = track.epoch() < epochs_.size() && epochs_[track.epoch()] <= part.msn;
  track.begin_segment(part.start, part.independent, discontinuity);
  if (!recording_) track.mark_lost(part.msn);
}

// Numbers between the newest segment and this one have nothing to play.
void Timeline::pass_over(TimelineTrack& track, const Part& part) {
  const bool on_demand = pipeline::wire::find_step(track.id()) != nullptr;
  if (on_demand) follow_source(track, part.msn);
  if (track.empty()) {
    // A rendition that begins late begins after the discontinuities so far.
    track.begin_at(part.msn, passed(part.msn));
  } else if (part.msn > track.next_msn()) {
    const std::uint32_t missing = part.msn - track.next_msn();
    if (!on_demand) {
      counts_.lost_segments += missing;
      metrics().lost.Increment(missing);
    }
    track.fill_until(part.msn, part.start, epochs_);
  }
}

// Lists the source's segments before number `until` as lost here.
void Timeline::follow_source(TimelineTrack& track, std::uint32_t until) {
  TimelineTrack* const source = find("src");
  if (source == nullptr || source->empty()) return;
  const auto listed = source->snapshot();
  const std::uint32_t first = listed->first_msn();
  if (track.empty() && first < until) track.begin_at(first, passed(first));
  for (std::uint32_t msn = track.next_msn(); msn >= first && msn < until; ++msn) {
    const auto found = listed->find(msn);
    if (!found) break;
    SegmentInfo info = found->info;
    info.init = track.newest_init();
    info.independent = true;
    info.discontinuity = track.epoch() < epochs_.size() && epochs_[track.epoch()] <= msn;
    info.bytes = 0;
    track.add_settled(info);
  }
}

// Discontinuities before or at the beginning of a segment.
std::size_t Timeline::passed(std::uint32_t msn) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(epochs_, [&](std::uint32_t epoch) { return epoch <= msn; }));
}

void Timeline::offer(std::vector<Offer> offers) {
  if (offers_ && *offers_ == offers) return;
  offers_ = std::make_shared<const std::vector<Offer>>(std::move(offers));
}

void Timeline::complete_all() {
  for (const auto& track : tracks_) {
    if (track->open() != nullptr) track->complete_segment();
  }
}

void Timeline::discontinuity() {
  if (ended_) return;
  complete_all();
  discontinuity_pending_ = std::ranges::any_of(tracks_, [](const auto& track) { return !track->empty(); });
}

void Timeline::gap(Gap gap) {
  auto gaps = *gaps_;
  gaps.push_back(gap);
  gaps_ = std::make_shared<const std::vector<Gap>>(std::move(gaps));
}

void Timeline::lost(std::string_view rendition, std::uint32_t msn) {
  TimelineTrack* const track = find(rendition);
  if (track == nullptr) return;
  ++counts_.lost_segments;
  metrics().lost.Increment();
  track->mark_lost(msn);
}

void Timeline::record(bool on) noexcept {
  if (std::exchange(recording_, on) && !on) unrecorded_from_ = next_msn();
}

void Timeline::end() {
  complete_all();
  if (!recording_) {
    for (const auto& track : tracks_) track->drop_from(unrecorded_from_);
  }
  ended_ = true;
}

std::unique_ptr<Timeline> Timeline::fork(std::string lesson) const {
  auto made = std::make_unique<Timeline>(std::move(lesson), started_, settings_);
  made->target_duration_ = target_duration_;
  for (const auto& track : tracks_) made->tracks_.push_back(std::make_unique<TimelineTrack>(*track));
  made->gaps_ = gaps_;
  made->offers_ = offers_;
  made->epochs_ = epochs_;
  made->discontinuity_pending_ = discontinuity_pending_;
  made->recording_ = recording_;
  made->unrecorded_from_ = unrecorded_from_;
  made->ended_ = ended_;
  return made;
}

void Timeline::restore(const RecordedLesson& recorded) {
  // Numbering of discontinuities is common to all renditions; each knows some of them.
  std::set<std::uint32_t> epochs;
  for (const auto& rendition : recorded.renditions) {
    for (const auto& segment : rendition.segments) {
      if (segment.discontinuity) epochs.insert(segment.msn);
      target_duration_ = std::max(target_duration_, whole_seconds(segment.duration));
    }
  }
  epochs_.assign(epochs.begin(), epochs.end());

  for (const auto& rendition : recorded.renditions) {
    TimelineTrack& track = add_track(rendition.id, rendition.kind);
    for (const auto& init : rendition.inits) track.restore_init(init);
    for (SegmentInfo segment : rendition.segments) {
      if (track.empty()) {
        track.begin_at(segment.msn, passed(segment.msn));
      }
      if (segment.msn < track.next_msn()) continue;
      track.fill_until(segment.msn, segment.start, epochs_);
      segment.discontinuity = track.epoch() < epochs_.size() && epochs_[track.epoch()] <= segment.msn;
      track.add_settled(segment);
    }
  }
  gaps_ = std::make_shared<const std::vector<Gap>>(recorded.gaps);
  ended_ = recorded.ended;
  if (!ended_) discontinuity();
}

std::uint32_t Timeline::next_msn() const noexcept {
  std::uint32_t next = 0;
  for (const auto& track : tracks_) next = std::max(next, track->next_msn());
  return next;
}

base::MediaTime Timeline::end_time() const noexcept {
  base::MediaTime end{0};
  for (const auto& track : tracks_) end = std::max(end, track->end_time());
  return end;
}

std::shared_ptr<const LessonSnapshot> Timeline::snapshot() {
  auto made = std::make_shared<LessonSnapshot>();
  made->lesson = lesson_;
  made->started = started_;
  made->ended = ended_;
  made->target_duration = target_duration_;
  made->renditions.reserve(tracks_.size());
  for (const auto& track : tracks_) made->renditions.push_back(track->snapshot());
  made->gaps = gaps_;
  made->offers = offers_;
  made->stills = stills_.stills();
  return made;
}

}  // namespace tongke::relay::live
