#include "school/timetable/validate.hpp"

#include <algorithm>
#include <array>

#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable {
namespace {

constexpr std::array kRules = {
    &rules::references,  &rules::card,           &rules::daily_cap,   &rules::weekly_hours,
    &rules::evening,     &rules::breaks,         &rules::pupils_once, &rules::teachers_once,
    &rules::places_once, &rules::continuous_run, &rules::stagger,     &rules::sibling_clashes,
};

}  // namespace

Findings validate(const People& people, const RuleSettings& rules, std::span<const Slot> slots) {
  const WeekView week(people, rules, slots);
  Findings findings;
  for (const auto rule : kRules) rule(week, findings);
  std::ranges::sort(findings);
  // Profiles of one class often break a rule by the same rows.
  findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
  return findings;
}

}  // namespace tongke::school::timetable
