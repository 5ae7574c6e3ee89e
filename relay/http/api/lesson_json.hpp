#pragma once

#include <nlohmann/json.hpp>

#include "relay/live/directory.hpp"
#include "school/lessons.hpp"

namespace tongke::relay::http::api {

/// A lesson as its pages know it: {"id","title","state","started_at"}; started_at is the wall
/// time of the first frame in ms, or null.  @thread control
[[nodiscard]] nlohmann::json lesson_json(const school::Lesson& lesson, const live::Directory& directory);

}  // namespace tongke::relay::http::api
