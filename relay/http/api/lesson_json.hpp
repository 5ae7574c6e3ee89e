#pragma once

#include <nlohmann/json.hpp>

#include "relay/live/directory.hpp"
#include "school/lessons.hpp"
#include "school/schedule/plans.hpp"

namespace tongke::relay::http::api {

/// A lesson as its pages know it: {"id","title","state","started_at","planned_start","planned_end","card"}.
/// started_at is the wall time of the first frame in ms, or null; so are the planned times. card says
/// goal, advice and way of checking as the timetable has them, or null: what a waiting page shows.
/// @thread control
[[nodiscard]] nlohmann::json lesson_json(const school::Lesson& lesson, const live::Directory& directory,
                                         const school::schedule::Plans& plans);

}  // namespace tongke::relay::http::api
