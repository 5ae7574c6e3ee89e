#include "relay/http/api/lesson_json.hpp"

#include "relay/http/api/json_response.hpp"
#include "school/timetable/json.hpp"

namespace tongke::relay::http::api {

using nlohmann::json;

json lesson_json(const school::Lesson& lesson, const live::Directory& directory,
                 const school::schedule::Plans& plans) {
  const auto on_air = directory.find(lesson.id);
  const bool ended = lesson.state == school::LessonState::ended;
  const auto state = ended ? live::OnAir::ended : on_air ? on_air->on_air() : live::OnAir::waiting;
  const auto* plan = plans.of(lesson.id);
  const bool timed = plan && plan->ends > plan->starts;
  const auto planned_start = timed ? std::optional(plan->starts) : std::nullopt;
  const auto planned_end = timed ? std::optional(plan->ends) : std::nullopt;
  const bool has_card = plan && !(plan->card == school::timetable::Card());
  return {{"id", lesson.id},
          {"title", lesson.title},
          {"state", to_string(state)},
          {"started_at", wall_json(lesson.started)},
          {"planned_start", wall_json(planned_start)},
          {"planned_end", wall_json(planned_end)},
          {"card", has_card ? to_json(plan->card) : json(nullptr)}};
}

}  // namespace tongke::relay::http::api
