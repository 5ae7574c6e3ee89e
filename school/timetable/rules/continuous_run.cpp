#include <algorithm>

#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {
namespace {

struct Runs {
  std::vector<const Placed*> too_long;  ///< slots of all runs over the limit
  Minutes longest{};
};

Runs runs_over(std::span<const Placed* const> day, Minutes pause, Minutes limit) {
  Runs found;
  for (const Run& run : runs(day, pause)) {
    const Minutes length = run.covered.total();
    found.longest = std::max(found.longest, length);
    if (length > limit) found.too_long.insert(found.too_long.end(), run.slots.begin(), run.slots.end());
  }
  return found;
}

}  // namespace

/// Longer than 20 or 30 minutes at a stretch is much for a child at a screen (PL-13).
void continuous_run(const WeekView& week, Findings& findings) {
  for (People::Index profile = 0; profile < week.people().profiles().size(); ++profile) {
    const Stage stage = week.people().class_of(week.people().profiles()[profile]).stage;
    const Minutes limit = week.rules().limits(stage).continuous;
    for (int day = 0; day < kDays; ++day) {
      const Runs found = runs_over(week.attended(profile, day), week.rules().min_break, limit);
      if (found.too_long.empty()) continue;
      report(findings, Code::continuous, about(week, profile, found.too_long), rows_of(found.too_long),
             found.longest.count(), limit.count(), (found.longest - limit).count());
    }
  }
}

}  // namespace tongke::school::timetable::rules
