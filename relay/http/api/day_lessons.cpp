#include "relay/http/api/day_lessons.hpp"

namespace tongke::relay::http::api {

namespace schedule = school::schedule;
namespace tt = school::timetable;

schedule::DayLesson place_of(const Office& office, const school::Lesson& lesson) {
  const auto* plan = office.plans.of(lesson.id);
  const bool timed = plan && plan->ends > plan->starts;
  const auto made = lesson.started.value_or(lesson.created);
  const auto live = office.live.find(lesson.id);
  return {.id = lesson.id,
          .starts = timed ? plan->starts : made,
          .ends = timed ? plan->ends : made,
          .drill = office.plans.is_drill(lesson.id),
          .ended = lesson.state == school::LessonState::ended,
          .on_air = live && live->on_air() == live::OnAir::live};
}

bool is_for_all(const Office& office, std::string_view lesson) {
  const auto* plan = office.plans.of(lesson);
  return !plan || (plan->invited == 0 && plan->kind != tt::Kind::parent);
}

std::vector<schedule::DayLesson> day_lessons(const Office& office, std::span<const std::string> ids) {
  std::vector<schedule::DayLesson> out;
  for (const std::string& id : ids) {
    const auto* lesson = office.lessons.find(id);
    const auto* plan = office.plans.of(id);
    if (!lesson || !plan || plan->ends <= plan->starts || !is_for_all(office, id)) continue;
    out.push_back(place_of(office, *lesson));
  }
  return out;
}

}  // namespace tongke::relay::http::api
