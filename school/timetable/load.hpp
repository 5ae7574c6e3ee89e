#pragma once

#include <array>
#include <optional>
#include <span>

#include "school/timetable/model.hpp"
#include "school/timetable/people.hpp"
#include "school/timetable/rules_config.hpp"
#include "school/timetable/week_view.hpp"

namespace tongke::school::timetable {

/// What a day asks of a pupil (PL-13).
struct DayLoad {
  Minutes live{};         ///< teaching on air
  Minutes tasks{};        ///< recorded and offline, as long as their rows say
  Minutes longest_run{};  ///< teaching without a break
  friend bool operator==(const DayLoad&, const DayLoad&) = default;
};

/// A class's days, Monday first. Where its pupils are in different layer groups, each number is
/// that of the pupils who have most of it. Nothing for a class nobody knows.
[[nodiscard]] std::optional<std::array<DayLoad, kDays>> load_of(const People& people,
                                                                const RuleSettings& rules,
                                                                std::span<const Slot> slots, ClassId id);

}  // namespace tongke::school::timetable
