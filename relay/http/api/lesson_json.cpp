#include "relay/http/api/lesson_json.hpp"

#include "relay/http/api/json_response.hpp"

namespace tongke::relay::http::api {

using nlohmann::json;

json lesson_json(const school::Lesson& lesson, const live::Directory& directory) {
  const auto on_air = directory.find(lesson.id);
  const bool ended = lesson.state == school::LessonState::ended;
  const auto state = ended ? live::OnAir::ended : on_air ? on_air->on_air() : live::OnAir::waiting;
  return {{"id", lesson.id},
          {"title", lesson.title},
          {"state", to_string(state)},
          {"started_at", wall_json(lesson.started)}};
}

}  // namespace tongke::relay::http::api
