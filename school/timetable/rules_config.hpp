#pragma once

#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "school/timetable/ids.hpp"
#include "school/timetable/stage.hpp"
#include "school/timetable/when.hpp"

namespace tongke::school::timetable {

/// What one stage may be given.
struct StageLimits {
  std::optional<Minutes> daily_cap;   ///< live teaching a pupil and day, hard (PL-11)
  std::optional<Minutes> daily_warn;  ///< a warning above this
  Minutes continuous{20};             ///< a warning when teaching runs longer without a break (PL-13)
  Minutes live_length{20};            ///< length of a live lesson that proposals are made of (PL-3)
};

/// The district's numbers. The defaults are the plan's own where it gives one; docs/timetable.md
/// says which are ours.
struct RuleSettings {
  std::array<StageLimits, kStageCount> stages = {{
      {Minutes(60), std::nullopt, Minutes(20), Minutes(20)},
      {Minutes(120), std::nullopt, Minutes(20), Minutes(20)},
      {Minutes(240), std::nullopt, Minutes(30), Minutes(30)},
      {std::nullopt, Minutes(360), Minutes(30), Minutes(40)},
  }};
  /// Most lessons a week by grade and subject (PL-6); a subject not in it is not limited.
  std::map<std::pair<Grade, SubjectId>, int> weekly_hours;
  /// No live teaching in it, with no way around (PL-12).
  DayWindow evening{std::chrono::hours(18), std::chrono::hours(7) + Minutes(30)};
  std::uint32_t few_pupils = 6;  ///< up to so many of one class may be helped in the evening
  Minutes min_break{10};         ///< between two live lessons of the same pupils (PL-14)
  Minutes long_break{60};        ///< a shorter one should hold eye exercises or exercises
  std::uint32_t max_rooms = 60;  ///< of one lesson (RM-2)
  Minutes day_start = std::chrono::hours(8);
  /// How much later than day_start a grade's first live lesson begins (PL-10); empty: not asked for.
  std::map<Grade, Minutes> stagger;
  /// How long before a room's air time ends its lead is told; longest first (PL-11).
  std::vector<Minutes> air_warnings = {Minutes(5), Minutes(1)};
  Zone zone;

  [[nodiscard]] const StageLimits& limits(Stage stage) const {
    return stages.at(static_cast<std::size_t>(stage));
  }
};

/// @errors invalid with the field at fault: a cap, length or break below zero or beyond a day, a
///   stage without any daily limit, an evening window that is empty, warnings out of order
[[nodiscard]] base::Result<void> check(const RuleSettings& settings);

}  // namespace tongke::school::timetable
