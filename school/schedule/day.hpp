#pragma once

#include <span>
#include <string>
#include <vector>

#include "school/arrangements.hpp"
#include "school/people/directory.hpp"
#include "school/schedule/plans.hpp"
#include "school/timetable/when.hpp"

namespace tongke::school::schedule {

/// A lesson that a day's timetable asks for.
struct PlannedLesson {
  LessonPlan plan;    ///< without lesson and plan ids
  std::string title;  ///< "第一小学 三年级2班 数学"
  LessonMode mode = LessonMode::open;
  std::vector<Arrangements::RoomPlan> rooms = {};  ///< each with its subject teacher, where one is known
  people::StaffId lead = {};
};

/// What is live on `day` and has people in it: lessons, help, arts,
/// labour, homerooms and parents' meetings (which carry no pupils), by when they start. Breaks
/// and exercises are no lessons of their own.
/// @param slots  the published week of `day`
[[nodiscard]] std::vector<PlannedLesson> lessons_of_day(const people::Directory& people,
                                                        std::span<const timetable::Slot> slots,
                                                        timetable::Date day, timetable::Zone zone);

}  // namespace tongke::school::schedule
