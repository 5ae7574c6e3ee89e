#pragma once

#include <span>
#include <string>
#include <vector>

#include "relay/http/api/office.hpp"
#include "school/schedule/between.hpp"

namespace tongke::relay::http::api {

/// A lesson's place in the day; one without a plan has it from when it began, or was made.
/// Refers to `lesson`.  @thread control
[[nodiscard]] school::schedule::DayLesson place_of(const Office& office, const school::Lesson& lesson);

/// Whether the whole room is meant: who was invited by name is not known.  @thread control
[[nodiscard]] bool is_for_all(const Office& office, std::string_view lesson);

/// Those of these lessons that one can be led to: planned, and for the whole room.  @thread control
[[nodiscard]] std::vector<school::schedule::DayLesson> day_lessons(const Office& office,
                                                                   std::span<const std::string> ids);

}  // namespace tongke::relay::http::api
