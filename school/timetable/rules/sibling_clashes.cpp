#include <algorithm>

#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {
namespace {

/// Where two children's lessons of a day are on at once. The same lesson is no clash: two
/// pupils may be counted on one player (AT-7).
Overlap clash(std::span<const Placed* const> first, std::span<const Placed* const> second) {
  Overlap found;
  for (const Placed* a : first) {
    if (!a->teaching) continue;
    for (const Placed* b : second) {
      if (b->start() >= a->end()) break;
      if (!b->teaching || a == b || b->end() <= a->start()) continue;
      found.slots.insert(found.slots.end(), {a, b});
      found.time += std::min(a->end(), b->end()) - std::max(a->start(), b->start());
    }
  }
  return found;
}

}  // namespace

/// Children of one home with lessons at the same time, for the homerooms to know (S26, A10).
void sibling_clashes(const WeekView& week, Findings& findings) {
  for (const People::Siblings& pair : week.people().siblings()) {
    for (int day = 0; day < kDays; ++day) {
      const Overlap found =
          clash(week.attended(pair.first_profile, day), week.attended(pair.second_profile, day));
      if (found.slots.empty()) continue;
      report(findings, Code::sibling_clash,
             {.day = day + 1, .pupils = {pair.first, pair.second}, .shared_device = pair.share_device},
             rows_of(found.slots), found.time.count(), 0, found.time.count());
    }
  }
}

}  // namespace tongke::school::timetable::rules
