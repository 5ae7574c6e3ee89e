#pragma once

#include "relay/http/api/office.hpp"
#include "school/timetable/when.hpp"

namespace tongke::relay::http::api {

/// Who of a school is on duty in a week (OR-4): GET and PUT /api/v1/schools/{school}/duty-roster/{week}, the
/// week by its Monday. Names stay in the school.
struct DutyRoutes {
  const Office& office;
  school::timetable::Zone zone;
};
void add_duty_routes(Server& server, const DutyRoutes& use);

}  // namespace tongke::relay::http::api
