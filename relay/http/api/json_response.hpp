#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "base/clock.hpp"
#include "relay/http/server.hpp"

namespace tongke::relay::http::api {

/// A JSON answer that nobody caches: it is about one person or one moment.
[[nodiscard]] Response json_response(const nlohmann::json& body, int status = 200);

/// Milliseconds since 1970, or null.
[[nodiscard]] nlohmann::json wall_json(const std::optional<base::WallTime>& at);

}  // namespace tongke::relay::http::api
