#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {
namespace {

/// The teaching of a day from the slot on that takes its total over `limit`, and the total.
struct Over {
  std::vector<const Placed*> slots;
  Minutes total{};
};

Over over(std::span<const Placed* const> day, Minutes limit) {
  Covered covered;
  Over found;
  for (const Placed* slot : day) {
    if (!slot->teaching) continue;
    covered.add(*slot);
    if (covered.total() > limit) found.slots.push_back(slot);
  }
  found.total = covered.total();
  return found;
}

void check(const WeekView& week, People::Index profile, int day, Code code, Minutes limit,
           Findings& findings) {
  const auto& attended = week.attended(profile, day);
  const Over found = over(attended, limit);
  if (found.slots.empty()) return;
  report(findings, code, about(week, profile, attended), rows_of(found.slots), found.total.count(),
         limit.count(), (found.total - limit).count());
}

}  // namespace

/// Live teaching of a pupil and day, over class and layer groups, stays under its stage's cap
/// (PL-11); where a stage has none, a long day is a warning.
void daily_cap(const WeekView& week, Findings& findings) {
  for (People::Index profile = 0; profile < week.people().profiles().size(); ++profile) {
    const Stage stage = week.people().class_of(week.people().profiles()[profile]).stage;
    const StageLimits& limits = week.rules().limits(stage);
    for (int day = 0; day < kDays; ++day) {
      if (limits.daily_cap) check(week, profile, day, Code::daily_cap, *limits.daily_cap, findings);
      if (limits.daily_warn) check(week, profile, day, Code::daily_long, *limits.daily_warn, findings);
    }
  }
}

}  // namespace tongke::school::timetable::rules
