#pragma once

#include "relay/http/api/office.hpp"
#include "school/retention/holds.hpp"

namespace tongke::relay::http::api {

/// GET /api/v1/holds; PUT and DELETE /api/v1/lessons/{id}/hold: each person asks or agrees by signing
/// in and sending it, so that two of them are two (SE-4).
struct HoldRoutes {
  const Office& office;
  school::retention::Holds& holds;  ///< control's
};
void add_hold_routes(Server& server, const HoldRoutes& use);

}  // namespace tongke::relay::http::api
