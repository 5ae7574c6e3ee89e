#include "relay/app/inspection_desk.hpp"

#include "relay/http/api/inspection.hpp"

namespace tongke::relay::app {

using base::Result;

Result<std::unique_ptr<InspectionDesk>> InspectionDesk::open(const DataDir& data,
                                                             school::store::Store& store) {
  auto secret = data.secret();
  if (!secret) return std::move(secret).error();
  auto inspections = school::inspection::Inspections::open(store, *secret, base::wall_now());
  if (!inspections) return std::move(inspections).error();
  return std::unique_ptr<InspectionDesk>(new InspectionDesk(std::move(*inspections)));
}

void InspectionDesk::add_routes(http::Server& server, const PeopleDesk& people, SignalDesk& signals) {
  const http::api::InspectionRoutes routes{.office = people.office(),
                                           .inspections = inspections_,
                                           .book = signals.book(),
                                           .watched = [&signals](const std::string& lesson, bool ever) {
                                             return signals.watched_rooms(lesson, ever);
                                           }};
  http::api::add_draw_routes(server, routes);
  http::api::add_spot_check_routes(server, routes);
}

}  // namespace tongke::relay::app
