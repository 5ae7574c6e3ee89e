#include <algorithm>

#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {
namespace {

/// Minutes of [start, end) that lie within the window.
Minutes within(const DayWindow& window, Minutes start, Minutes end) {
  const auto common = [&](Minutes from, Minutes to) {
    return std::max(Minutes(0), std::min(end, to) - std::max(start, from));
  };
  if (window.from <= window.to) return common(window.from, window.to);
  return common(window.from, std::chrono::hours(24)) + common(Minutes(0), window.to);
}

}  // namespace

/// “晚上一律不得安排集中授课” (PL-12): neither start nor end may lie in the evening, and nobody
/// may say otherwise.
void evening(const WeekView& week, Findings& findings) {
  for (const Placed& placed : week.placed()) {
    if (!placed.teaching) continue;
    const Minutes late = within(week.rules().evening, placed.start(), placed.end());
    if (late == Minutes(0)) continue;
    report(findings, Code::evening, {.day = placed.day + 1}, {placed.slot->id}, late.count(), 0,
           late.count());
  }
}

}  // namespace tongke::school::timetable::rules
