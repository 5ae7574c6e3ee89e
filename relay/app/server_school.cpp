#include <algorithm>

#include "relay/app/grades.hpp"
#include "relay/app/server.hpp"
#include "relay/app/text.hpp"
#include "relay/http/api/holds.hpp"
#include "relay/http/api/retention.hpp"
#include "relay/webrtc/service.hpp"
#include "school/links/issue.hpp"

// What the server does with lessons and the school's day; the doors are in server.cpp.
namespace tongke::relay::app {

using base::Result;

Result<void> Server::open_day() {
  auto day = DayDesk::open({.settings = settings_,
                            .store = store_,
                            .control = control_,
                            .lessons = *lessons_,
                            .people = *people_,
                            .directory = *directory_,
                            .spool = data_.spool(),
                            .removing = [this](const std::string& lesson) { lesson_removed(lesson); },
                            .removed = [this] { signals_->recheck(); }});
  if (!day) return std::move(day).error();
  day_ = std::move(*day);
  keys_.set_gate([hours = &day_->hours()](const std::string& lesson) { return hours->foresees(lesson); });
  return {};
}

void Server::open_load() {
  load_.emplace(settings_, LoadDesk::Use{.control = control_,
                                         .directory = *directory_,
                                         .has_grade =
                                             [this](const std::string& lesson, const auto& grades) {
                                               return has_grade(*people_->people().current(),
                                                                people_->arrangements().of(lesson), grades);
                                             },
                                         .told =
                                             [this](load::Level level) {
                                               outward_->server(level == load::Level::all
                                                                    ? std::string()
                                                                    : std::string(to_string(level)));
                                             }});
}

Result<void> Server::open_retention() {
  auto plan = retention_of(settings_);
  if (!plan) return std::move(plan).error();
  auto retention = RetentionDesk::open({.control = control_,
                                        .store = store_,
                                        .writer = people_->people().writer(),
                                        .lessons = *lessons_,
                                        .arrangements = people_->arrangements(),
                                        .people = [this] { return people_->people().current(); },
                                        .directory = *directory_,
                                        .catalog = media_->catalog(),
                                        .lesson_files = data_.lessons(),
                                        .media_gone =
                                            [this](const std::string& lesson) {
                                              replays_->forget(lesson);
                                              origin_->withdraw(lesson);
                                              const auto on_air = directory_->find(lesson);
                                              if (on_air && on_air->idle()) directory_->forget(lesson);
                                            }},
                                       std::move(*plan));
  if (!retention) return std::move(retention).error();
  retention_ = std::move(*retention);
  http::api::add_hold_routes(*http_, {.office = people_->office(), .holds = retention_->holds()});
  http::api::add_retention_routes(
      *http_, {.office = people_->office(),
               .holds = retention_->holds(),
               .rules = rules_of(settings_),
               .recordings = [this](const auto& answer) { retention_->recordings(answer); },
               .taken_at = [this](base::WallTime due) { return retention_->taken_at(due); }});
  return {};
}

Result<void> Server::open_outward() {
  auto outward = OutwardDesk::open(
      {.settings = settings_,
       .control = control_,
       .lessons = *lessons_,
       .arrangements = people_->arrangements(),
       .plans = day_->plans(),
       .people = [this] { return people_->people().current(); },
       .on_air =
           [this](const std::string& lesson) {
             const auto on_air = directory_->find(lesson);
             return on_air ? on_air->on_air() : live::OnAir::waiting;
           },
       .recorded = [this](const std::string& lesson) { return media_->catalog().open(lesson).has_value(); },
       .page = outward_page(settings_, http_->port()),
       .folder = data_.outward()});
  if (!outward) return std::move(outward).error();
  outward_ = std::move(*outward);
  return {};
}

Result<void> Server::may_publish(const std::string& lesson, const std::string& key) const {
  auto known = keys_.knows(lesson, key);
  return known ? day_->hours().admits(lesson) : known;
}

Result<void> Server::start_demo() {
  const std::string title = text_zh("demo.title");
  // A demo that was left open by a kill would grow for ever: each start has a fresh one.
  for (const auto& [id, known] : lessons_->all()) {
    if (known.title != title || known.state != school::LessonState::open) continue;
    if (auto ended = lessons_->set_state(id, school::LessonState::ended); !ended)
      return std::move(ended).error();
    lesson_changed(known);
  }
  auto lesson = lessons_->create(title);
  if (!lesson) return std::move(lesson).error();
  day_->hours().exempt(lesson->id);
  signals_->open_to_all(lesson->id);
  if (auto ok = seat_demo(*lesson); !ok) return ok;
  // Loopback whatever the printed addresses say.
  demo_teacher_ = std::make_unique<DemoTeacher>(control_.context(), pipeline_program(),
                                                "rtmp://127.0.0.1:" + std::to_string(rtmp_->port()) +
                                                    "/live/" + lesson->id + "?key=" + lesson->publish_key);
  return {};
}

// A pupil's place among the classes of the made-up district; without one, anybody's.
Result<void> Server::seat_demo(const school::Lesson& lesson) {
  const auto district = people_->people().current();
  const auto demo = demo_class(*district);
  if (!demo) {
    auto token = desk_->issue(lesson.id, school::Role::pupil);
    if (!token) return std::move(token).error();
    demo_.watch = std::move(*token);
    return {};
  }
  auto arranged =
      people_->arrangements().arrange(*district, lesson, school::LessonMode::joint, demo->rooms, demo->lead);
  if (!arranged) return std::move(arranged).error();
  const auto& links = people_->links();
  const auto expires = base::wall_now() + people_->office().links_valid;
  const auto& pupil = *district->find(demo->pupil);
  demo_.watch = signer_->issue(school::links::pupil_link(links, pupil, lesson.id, expires));
  demo_.desk = signer_->issue(
      school::links::staff_link(links, demo->teacher, school::Role::teacher, lesson.id, expires));
  return {};
}

// One lesson for trying out the studio, the same at each start: what was tried stays together.
Result<void> Server::offer_try() {
  const std::string title = text_zh("demo.try_title");
  const auto& all = lessons_->newest();
  const auto known = std::ranges::find(all, title, &school::Lesson::title);
  std::string id = known == all.end() ? std::string() : (*known)->id;
  if (id.empty()) {
    auto lesson = lessons_->create(title);
    if (!lesson) return std::move(lesson).error();
    id = lesson->id;
  }
  day_->hours().exempt(id);
  auto token = desk_->issue(id, school::Role::lead);
  if (!token) return std::move(token).error();
  demo_.studio = std::move(*token);
  return {};
}

void Server::lesson_changed(const school::Lesson& lesson) {
  if (lesson.state == school::LessonState::ended) {
    signals_->set_on_air(lesson.id, live::OnAir::ended);
    rests_->follow(lesson.id, live::OnAir::ended);
    webrtc_->lesson_over(lesson.id);
    if (const auto on_air = directory_->find(lesson.id)) on_air->end(ingest::Dismissal::lesson_ended);
    outward_->on_air(lesson.id, live::OnAir::ended);
  } else if (lesson.started) {
    replays_->forget(lesson.id);
    signals_->set_on_air(lesson.id, live::OnAir::waiting);
    const auto on_air = directory_->get(lesson.id);
    on_air->reopen();
    on_air->load_recording();
  }
}

// From now on the recording is all there is of it, and memory keeps it like any other replay.
void Server::lesson_closed(const std::string& id) {
  const auto* lesson = lessons_->find(id);
  if (!lesson || lesson->state != school::LessonState::ended) return;
  directory_->forget(id);
  replays_->adopt(id);
  if (media_->take_filled(id)) replays_->wanted(id);
  outward_->replay_ready(id);
}

void Server::lesson_removed(const std::string& id) {
  outward_->removing(id);
  outputs_->forget(id);
  keys_.forget(id);
  signals_->forget(id);
  rests_->follow(id, live::OnAir::ended);
  webrtc_->lesson_over(id);
  if (const auto on_air = directory_->find(id)) on_air->end(ingest::Dismissal::lesson_ended);
}

}  // namespace tongke::relay::app
