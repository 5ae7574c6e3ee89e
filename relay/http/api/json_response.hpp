#pragma once

#include <nlohmann/json.hpp>

#include "relay/http/server.hpp"

namespace tongke::relay::http::api {

/// A JSON answer that nobody caches: it is about one person or one moment.
[[nodiscard]] Response json_response(const nlohmann::json& body, int status = 200);

}  // namespace tongke::relay::http::api
