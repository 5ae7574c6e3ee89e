#pragma once

#include "school/timetable/finding.hpp"
#include "school/timetable/week_view.hpp"

/// One rule, one function, one file: each reads a week and adds what breaks it. Which there are
/// and in what severity: Code in finding.hpp.
namespace tongke::school::timetable::rules {

void references(const WeekView& week, Findings& findings);
void card(const WeekView& week, Findings& findings);
void daily_cap(const WeekView& week, Findings& findings);
void weekly_hours(const WeekView& week, Findings& findings);
void evening(const WeekView& week, Findings& findings);
void breaks(const WeekView& week, Findings& findings);
void pupils_once(const WeekView& week, Findings& findings);
void teachers_once(const WeekView& week, Findings& findings);
void places_once(const WeekView& week, Findings& findings);
void continuous_run(const WeekView& week, Findings& findings);
void stagger(const WeekView& week, Findings& findings);
void sibling_clashes(const WeekView& week, Findings& findings);

}  // namespace tongke::school::timetable::rules
