#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>

#include "relay/http/api/office.hpp"
#include "school/attendance/book.hpp"

namespace tongke::relay::http::api {

/// Who was there, for those who must find the others: names to a class's own teachers, numbers to
/// everybody who may count. All of it outlives the server.
struct Attendance {
  const Office& office;
  school::attendance::Book& book;
  /// Rooms by public id whose own teacher is in the lesson now, or was at all.  @thread control
  std::function<std::set<std::string>(const std::string& lesson, bool ever)> watched;
  /// Whether a lesson that is over can be seen again.  @thread control
  std::function<bool(const std::string& lesson)> has_replay;
  std::chrono::minutes utc_offset{};  ///< of times in spreadsheets
};
void add_attendance_routes(Server& server, const Attendance& attendance);
/// Of many lessons: a school's or a district's days, a pupil's term.
void add_attendance_overview_routes(Server& server, const Attendance& attendance);

}  // namespace tongke::relay::http::api
