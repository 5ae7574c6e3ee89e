#pragma once

#include <functional>

#include "relay/http/api/office.hpp"
#include "school/schedule/view.hpp"

namespace tongke::relay::http::api {

/// GET /api/v1/pupils/{pupil}/timetable: a child's week as it is published, for itself and its family.
struct PupilWeekRoutes {
  const Office& office;
  std::function<school::schedule::ViewPtr()> view;  ///< @thread any
  school::timetable::Zone zone;
};
void add_pupil_week_routes(Server& server, const PupilWeekRoutes& use);

}  // namespace tongke::relay::http::api
