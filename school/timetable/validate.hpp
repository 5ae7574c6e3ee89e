#pragma once

#include <span>

#include "school/timetable/finding.hpp"
#include "school/timetable/model.hpp"
#include "school/timetable/people.hpp"
#include "school/timetable/rules_config.hpp"

namespace tongke::school::timetable {

/// Every rule a week breaks, errors first, in an order that depends only on what is wrong. A
/// district of 50 schools takes a fraction of a second (docs/timetable.md).
/// @param slots  the whole week of everybody, as effective_week() gives it: a teacher's or a
///               sibling's clash is only seen when both lessons are in it
/// @thread any
[[nodiscard]] Findings validate(const People& people, const RuleSettings& rules, std::span<const Slot> slots);

}  // namespace tongke::school::timetable
