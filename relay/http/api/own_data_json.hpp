#pragma once

#include <nlohmann/json.hpp>

#include "relay/http/api/own_data.hpp"

namespace tongke::relay::http::api {

/// What a lesson has of a child, in words; names no other child.  Pure.
[[nodiscard]] nlohmann::json own_json(const school::people::Directory& district, const OwnLesson& own,
                                      base::WallTime now);

}  // namespace tongke::relay::http::api
