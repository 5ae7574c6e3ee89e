#include "relay/record/fill_plan.hpp"

#include <algorithm>

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;

/// Of less nobody would notice the lack; it is the publishers' seam.
constexpr MediaTime kWorthFilling{std::chrono::milliseconds(100)};
/// No shorter segments, however many numbers there are.
constexpr MediaTime kShortestSegment{std::chrono::milliseconds(500)};

MediaTime overlap(const live::Gap& gap, MediaTime from, MediaTime until) {
  return std::min(until, gap.start + gap.duration) - std::max(from, gap.start);
}

const live::Gap* most_covered(const Contents& contents, MediaTime from, MediaTime until) {
  const live::Gap* best = nullptr;
  for (const auto& gap : contents.gaps) {
    if (overlap(gap, from, until) < kWorthFilling || contents.filled(gap) > MediaTime{0}) continue;
    if (!best || overlap(gap, from, until) > overlap(*best, from, until)) best = &gap;
  }
  return best;
}

/// The segments around the middle of the gap, where nothing is recorded.
struct Edges {
  const Segment* before = nullptr;
  const Segment* after = nullptr;
};
Edges edges_of(const Rendition& rendition, const live::Gap& gap) {
  const auto after = std::ranges::upper_bound(rendition.segments, gap.start + gap.duration / 2, {},
                                              [](const Segment& segment) { return segment.info.start; });
  return {.before = after == rendition.segments.begin() ? nullptr : &*std::prev(after),
          .after = after == rendition.segments.end() ? nullptr : &*after};
}

}  // namespace

base::Result<FillPlan> plan_fill(const Contents& contents, MediaTime from, MediaTime until) {
  const live::Gap* gap = most_covered(contents, from, until);
  if (!gap) return Error{Errc::not_found, "this sound falls into no gap of the recording"};
  const Rendition* sound = contents.find("audio");
  const Rendition* picture = contents.find("src");
  FillPlan plan{.gap = *gap, .cuts = {}, .picture_init = {}};
  std::uint32_t end = UINT32_MAX;
  for (const Rendition* rendition : {sound, picture}) {
    if (!rendition) continue;
    const auto [before, after] = edges_of(*rendition, *gap);
    if (!after) return Error{Errc::unavailable, "what follows the gap is not recorded yet"};
    end = std::min(end, after->info.msn);
    if (!before) continue;
    plan.first_msn = std::max(plan.first_msn, before->info.msn + 1);
    if (rendition == sound) plan.sound_init = before->info.init;
    if (rendition == picture) plan.picture_init = before->info.init;
  }
  if (!sound || !edges_of(*sound, *gap).before) return Error{Errc::conflict, "no sound precedes the gap"};
  if (end <= plan.first_msn) return Error{Errc::conflict, "the recording has no room in this gap"};
  const auto fit = static_cast<std::uint32_t>(std::max<std::int64_t>(1, gap->duration / kShortestSegment));
  const std::uint32_t count = std::min(end - plan.first_msn, fit);
  for (std::uint32_t i = 0; i <= count; ++i) plan.cuts.push_back(gap->start + gap->duration * i / count);
  return plan;
}

}  // namespace tongke::relay::record
