#include "relay/http/api/between.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "relay/http/api/day_lessons.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/lesson_json.hpp"
#include "school/links/issue.hpp"
#include "school/rooms.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;
namespace links = school::links;
namespace people = school::people;
namespace schedule = school::schedule;

/// What outlives a request: control's answers and the workers' day.
struct Use {
  explicit Use(BetweenRoutes given) : routes(std::move(given)) {}
  BetweenRoutes routes;
  schedule::Today today;
};

/// A request on its way from its worker to control.
struct Asked {
  school::Token token;
  people::Snapshot people;
  base::WallTime now{};
  std::shared_ptr<const schedule::DayPauses> day;
};

json pauses_json(const std::vector<schedule::Pause>& pauses) {
  json out = json::array();
  for (const schedule::Pause& pause : pauses)
    out.push_back({{"kind", to_string(pause.kind)},
                   {"starts", pause.starts.time_since_epoch().count()},
                   {"ends", pause.ends.time_since_epoch().count()}});
  return out;
}

json next_json(const Office& office, const Asked& asked, const people::Pupil& pupil,
               const schedule::DayLesson& next) {
  const auto& lesson = *office.lessons.find(next.id);
  const auto* plan = office.plans.of(next.id);
  const auto* subject = asked.people->find(asked.day->subject_of(plan->row));
  const auto make = asked.token.role == school::Role::guardian ? links::guardian_link : links::pupil_link;
  json about = lesson_json(lesson, office.live, office.plans);
  about["subject"] = subject ? json(subject->name) : json(nullptr);
  about["link"] = office.signer.issue(make(office.links, pupil, lesson.id, asked.token.expires));
  return about;
}

/// @thread control
void answer(const Use& use, const Asked& asked, Responder& responder) {
  const Office& office = use.routes.office;
  const auto* lesson = office.lessons.find(asked.token.lesson);
  if (!lesson) return responder.fail({base::Errc::not_found, "no such link"});
  json said = {{"now", asked.now.time_since_epoch().count()}, {"pauses", json::array()}, {"next", nullptr}};
  const auto* pupil = links::seated(asked.token, *asked.people);
  const auto here = place_of(office, *lesson);
  const auto& zone = use.routes.zone;
  const bool own = pupil && room_of(*asked.people, office.arrangements.of(lesson->id), pupil->id);
  if (own && zone.local(here.starts).date == zone.local(asked.now).date) {
    said["pauses"] =
        pauses_json(asked.day->left(pupil->original_class, asked.people->groups_of(pupil->id), asked.now));
    const auto lessons = day_lessons(office, office.arrangements.lessons_of(*asked.people, *pupil));
    if (const auto* next = schedule::next_after(here, lessons, asked.now, zone))
      said["next"] = next_json(office, asked, *pupil, *next);
  }
  responder.send(json_response(said));
}

}  // namespace

void add_between_routes(Server& server, const BetweenRoutes& routes) {
  const auto use = std::make_shared<Use>(routes);
  // The day is found on the worker, which may take a while after a change; control only looks up.
  server.route(
      "GET", "/api/v1/watch/{link}/between", Where::worker, [use](const auto& request, Responder responder) {
        const auto now = base::wall_now();
        const Office& office = use->routes.office;
        const auto token = office.signer.verify(request->param("link"), now);
        if (!token) return responder.fail({base::Errc::not_found, "no such link"});
        const auto view = use->routes.view();
        const auto& zone = use->routes.zone;
        Asked asked{.token = *token,
                    .people = view->people_snapshot(),
                    .now = now,
                    .day = use->today.pauses(view, zone.local(now).date, zone)};
        const auto shared = std::make_shared<Responder>(std::move(responder));
        office.control.post([use, asked = std::move(asked), shared] { answer(*use, asked, *shared); });
      });
}

}  // namespace tongke::relay::http::api
