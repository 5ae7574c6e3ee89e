#include <algorithm>

#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {

/// Grades begin one after the other, so that they do not all come through the door at once
/// (PL-10). Said once for a row and grade, however many classes it is for.
void stagger(const WeekView& week, Findings& findings) {
  const RuleSettings& rules = week.rules();
  if (rules.stagger.empty()) return;
  for (People::Index profile = 0; profile < week.people().profiles().size(); ++profile) {
    const Grade grade = week.people().class_of(week.people().profiles()[profile]).grade;
    const auto offset = rules.stagger.find(grade);
    if (offset == rules.stagger.end()) continue;
    const Minutes earliest = rules.day_start + offset->second;
    for (int day = 0; day < kDays; ++day) {
      const auto& attended = week.attended(profile, day);
      const auto first = std::ranges::find_if(attended, &Placed::teaching);
      if (first == attended.end() || (*first)->start() >= earliest) continue;
      report(findings, Code::stagger, {.day = day + 1, .grade = grade}, {(*first)->slot->id},
             (*first)->start().count(), earliest.count(), (earliest - (*first)->start()).count());
    }
  }
}

}  // namespace tongke::school::timetable::rules
