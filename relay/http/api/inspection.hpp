#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "relay/http/api/office.hpp"
#include "school/attendance/book.hpp"
#include "school/inspection/inspections.hpp"

/// Spot checks: /api/v1/inspection/…. Commitments and made draws are public, for anybody to do again; they
/// name lessons and schools, never a person. Drawing and looking is for who may draw, records are for who may
/// see_inspections and for who led the lesson.
namespace tongke::relay::http::api {

/// All of it outlives the server.
struct InspectionRoutes {
  const Office& office;
  school::inspection::Inspections& inspections;  ///< control's
  school::attendance::Book& book;
  /// Rooms by public id whose own teacher is in the lesson now, or was at all.  @thread control
  std::function<std::set<std::string>(const std::string& lesson, bool ever)> watched;
};
/// For a table of staff's routes: `handle`, called with what it uses.
[[nodiscard]] OfficeHandler with(const InspectionRoutes& use,
                                 void (*handle)(const InspectionRoutes&, const Visitor&, const Request&,
                                                Responder));
void add_draw_routes(Server& server, const InspectionRoutes& use);
void add_spot_check_routes(Server& server, const InspectionRoutes& use);

/// Whose a lesson is, for drawing and for saying who may read of it: its lead's school, else that of
/// its first room; stage and subject likewise.
struct Strata {
  school::people::SchoolId school = {};
  std::string stage = {};
  std::string subject = {};
};
[[nodiscard]] Strata strata_of(const school::people::Directory& people, const school::Arrangement& lesson);

/// {"id","title","school","stage","subject","lead"} of a lesson that is or was drawn; of one that is gone
/// only its id.
[[nodiscard]] nlohmann::json drawn_lesson_json(const Office& office, const school::people::Directory& people,
                                               const std::string& lesson);

}  // namespace tongke::relay::http::api
