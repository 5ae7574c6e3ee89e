#include <algorithm>

#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {
namespace {

bool is_exercise(Kind kind) { return kind == Kind::eye || kind == Kind::exercise; }

/// What is wrong with the breaks of a day: pairs of lessons around a break go into `too_short`
/// or `without_exercise`.
struct DayOfBreaks {
  std::vector<const Placed*> too_short;
  Minutes shortest = Minutes::max();
  Minutes missing{};
  std::vector<const Placed*> without_exercise;
  std::int64_t count = 0;
};

bool holds_exercise(std::span<const Placed* const> day, Minutes from, Minutes to) {
  return std::ranges::any_of(day, [&](const Placed* slot) {
    return is_exercise(slot->slot->kind) && slot->start() >= from && slot->end() <= to;
  });
}

DayOfBreaks look(const RuleSettings& rules, std::span<const Placed* const> day) {
  DayOfBreaks found;
  const Placed* last = nullptr;  // the lesson that ended latest
  for (const Placed* slot : day) {
    if (!slot->teaching) continue;
    const Minutes gap = last == nullptr ? rules.long_break : slot->start() - last->end();
    if (gap >= Minutes(0) && gap < rules.min_break) {
      found.too_short.insert(found.too_short.end(), {last, slot});
      found.shortest = std::min(found.shortest, gap);
      found.missing += rules.min_break - gap;
    } else if (last != nullptr && gap >= Minutes(0) && gap < rules.long_break &&
               !holds_exercise(day, last->end(), slot->start())) {
      found.without_exercise.insert(found.without_exercise.end(), {last, slot});
      ++found.count;
    }
    if (last == nullptr || slot->end() > last->end()) last = slot;
  }
  return found;
}

}  // namespace

/// Between two lessons of the same pupils lies a break (PL-14), with eye exercises or exercises
/// in it unless it is a long one.
void breaks(const WeekView& week, Findings& findings) {
  const RuleSettings& rules = week.rules();
  for (People::Index profile = 0; profile < week.people().profiles().size(); ++profile) {
    for (int day = 0; day < kDays; ++day) {
      const DayOfBreaks found = look(rules, week.attended(profile, day));
      if (!found.too_short.empty()) {
        report(findings, Code::short_break, about(week, profile, found.too_short), rows_of(found.too_short),
               found.shortest.count(), rules.min_break.count(), found.missing.count());
      }
      if (!found.without_exercise.empty()) {
        report(findings, Code::no_exercise, about(week, profile, found.without_exercise),
               rows_of(found.without_exercise), found.count, 0, found.count);
      }
    }
  }
}

}  // namespace tongke::school::timetable::rules
