#pragma once

#include <optional>
#include <set>
#include <vector>

#include "school/schedule/timetable.hpp"
#include "school/timetable/finding.hpp"
#include "school/timetable/rules_config.hpp"

/// What the rules say of sheets, week by week.
namespace tongke::school::schedule {

/// The weeks, from `today`'s on, that a change of these sheets can be seen in; none stands for
/// every week without a sheet of its own.
[[nodiscard]] std::vector<std::optional<timetable::Week>> weeks_of(const Sheets& changed, const Sheets& all,
                                                                   timetable::Date today);

/// Of a week as it would be if all these sheets were published.
/// @param among  only these classes are looked at; none: all
[[nodiscard]] timetable::Findings findings_of(const timetable::People& people,
                                              const timetable::RuleSettings& rules, const Sheets& sheets,
                                              const std::optional<timetable::Week>& week,
                                              const std::set<timetable::ClassId>* among = nullptr);

}  // namespace tongke::school::schedule
