#pragma once

#include <functional>

#include "relay/http/api/office.hpp"
#include "school/retention/holds.hpp"

namespace tongke::relay::http::api {

/// What the routes use; all of it outlives the server.
struct OfficeRecordings {
  const Office& office;
  /// Lessons kept beyond their term.  @thread control
  std::function<school::retention::Holds&()> holds;
};

/// A lesson's recording for who is signed in: a link to play and download it with, good for a day
/// and one lesson, and the hold that keeps it beyond its term (SE-4), which takes two persons.
/// GET /api/v1/holds, POST /api/v1/lessons/{id}/office-link, POST and DELETE /api/v1/lessons/{id}/hold
void add_office_recording_routes(Server& server, const OfficeRecordings& recordings);

}  // namespace tongke::relay::http::api
