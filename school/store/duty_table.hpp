#pragma once

#include "base/result.hpp"
#include "school/duty_roster.hpp"
#include "school/store/store.hpp"

/// Duty rosters in the database.  @errors of all: io
namespace tongke::school::store {

[[nodiscard]] base::Result<DutyWeek> load_duty_week(Store& store, people::SchoolId school,
                                                    timetable::Week week);
/// In place of what stood there.
[[nodiscard]] base::Result<void> save_duty_week(Store& store, people::SchoolId school, timetable::Week week,
                                                const DutyWeek& roster);
/// Of all schools, the days before `day`.
[[nodiscard]] base::Result<void> drop_duty_before(Store& store, timetable::Date day);

}  // namespace tongke::school::store
