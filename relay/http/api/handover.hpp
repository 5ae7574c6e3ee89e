#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "relay/http/api/office.hpp"

/// Handing the lead of a lesson over from the pages of the lesson itself, by the links that its
/// teachers hold already.
namespace tongke::relay::http::api {

/// Who leads the lesson of a teacher's link: {"name","yours"}; null for a lesson that no class
/// takes part in, as there is nobody to hand it to.  @thread control
[[nodiscard]] nlohmann::json lead_json(const Office& office, const school::Token& token);

/// The studio page of a subject teacher whom the lesson was handed to, "" for anybody else.
/// @thread control
[[nodiscard]] std::string studio_of(const Office& office, const school::Token& token);

/// GET /api/v1/studio/{link}/handover: to whom the holder may hand the lesson over; POST
/// {"lead"}: does so; DELETE: takes it back. Media goes on: until the new lead begins, the old
/// one is heard.
void add_handover_routes(Server& server, const Office& office);

}  // namespace tongke::relay::http::api
