#pragma once

#include <string>

#include "base/result.hpp"
#include "relay/http/api/timetable.hpp"
#include "school/timetable/rules_config.hpp"

namespace tongke::relay::app {

/// A week of the timetable written out. HTML and iCalendar are of one class; JSON and XMLTV of
/// one, or of every class of a school, a stage or the district.
/// @param now  of the writing, for the calendar's stamps
/// @errors invalid (field "class"): one has to be named; not_found   @thread any
[[nodiscard]] base::Result<http::api::Printed> print_timetable(const school::schedule::View& view,
                                                               const school::timetable::RuleSettings& rules,
                                                               base::WallTime now,
                                                               const http::api::Printing& what);

/// {"format","class"?,"school"?,"stage"?,"week"?,"drafts"?,"english"?} of a command.
/// @errors invalid, not_found (field)
[[nodiscard]] base::Result<http::api::Printing> printing_from(const school::schedule::View& view,
                                                              const nlohmann::json& arguments,
                                                              school::timetable::Date today);

}  // namespace tongke::relay::app
