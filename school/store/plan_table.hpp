#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/schedule/plans.hpp"
#include "school/store/store.hpp"
#include "school/timetable/air_ledger.hpp"

namespace tongke::school::store {

/// @errors io   @{
[[nodiscard]] base::Result<std::vector<schedule::LessonPlan>> load_lesson_plans(Store& store);
[[nodiscard]] base::Result<void> save_lesson_plan(Store& store, const schedule::LessonPlan& plan);
[[nodiscard]] base::Result<void> remove_lesson_plan(Store& store, const std::string& lesson);
[[nodiscard]] base::Result<std::vector<schedule::DayPlan>> load_day_plans(Store& store);
[[nodiscard]] base::Result<void> save_day_plan(Store& store, const schedule::DayPlan& plan);
/// @}

/// A room's time on air, as AirLedger gives and takes it.
struct AirRow {
  std::string lesson = {};
  bool drill = false;
  timetable::AirInterval interval = {};
  friend bool operator==(const AirRow&, const AirRow&) = default;
};
/// What was on air at `since` or later.  @errors io
[[nodiscard]] base::Result<std::vector<AirRow>> load_air(Store& store, base::WallTime since);
/// A row of the same lesson, room and beginning is lengthened.  @errors io
[[nodiscard]] base::Result<void> save_air(Store& store, const std::vector<AirRow>& rows);
/// Forgets what ended before.  @return how many  @errors io
[[nodiscard]] base::Result<std::size_t> drop_air(Store& store, base::WallTime before);

}  // namespace tongke::school::store
