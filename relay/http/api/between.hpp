#pragma once

#include <functional>

#include "relay/http/api/office.hpp"
#include "school/schedule/between.hpp"

namespace tongke::relay::http::api {

/// GET /api/v1/watch/{link}/between: what the timetable of the link's pupil has between lessons, and
/// the link of the lesson that comes next. A pupil's own links only, and their families': counted
/// links, open lessons and staff have nothing there.
struct BetweenRoutes {
  const Office& office;
  std::function<school::schedule::ViewPtr()> view;  ///< @thread any
  school::timetable::Zone zone;
};
void add_between_routes(Server& server, const BetweenRoutes& use);

}  // namespace tongke::relay::http::api
