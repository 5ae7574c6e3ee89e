#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.hpp"
#include "relay/http/server.hpp"

namespace tongke::relay::http::api {

/// The body as a JSON object.  @errors invalid
[[nodiscard]] base::Result<nlohmann::json> json_body(const Request& request);
/// @errors invalid (field `name`): missing or no string
[[nodiscard]] base::Result<std::string> text_field(const nlohmann::json& body, const char* name);

}  // namespace tongke::relay::http::api
