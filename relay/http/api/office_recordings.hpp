#pragma once

#include "relay/http/api/office.hpp"

namespace tongke::relay::http::api {

/// A lesson's recording for who is signed in: a link to play and download it with, good for a day
/// and that lesson. The look is in the access log.
/// POST /api/v1/lessons/{id}/office-link
/// @param office  outlives the server
void add_office_recording_routes(Server& server, const Office& office);

}  // namespace tongke::relay::http::api
