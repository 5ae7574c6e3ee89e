#include "relay/http/api/access.hpp"
#include "relay/http/api/add_routes.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/lesson_json.hpp"
#include "relay/http/api/routes.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;

/// A link that lets its holder lead a lesson.
struct Led {
  std::string link;
  school::Token token;
  const school::Lesson* lesson;
};

/// The address's link, if it is such; answers that there is none otherwise.
std::optional<Led> led_with(const StudioRoutes& use, const Request& request, Responder& responder) {
  std::string link(request.param("link"));
  auto token = use.signer.verify(link, base::wall_now());
  const auto* lesson = token && token->role == school::Role::lead ? use.lessons.find(token->lesson) : nullptr;
  if (lesson) return Led{.link = std::move(link), .token = std::move(*token), .lesson = lesson};
  responder.fail({base::Errc::not_found, "no such link"});
  return std::nullopt;
}

Response describe(const StudioRoutes& use, const Led& led) {
  const auto& [link, token, kept] = led;
  const school::Lesson& lesson = *kept;
  const auto on_air = use.directory.find(lesson.id);
  const std::string publisher = on_air ? on_air->publisher() : std::string();
  json recording = {{"mp4", nullptr}};
  if (lesson.started) {
    recording["mp4"] = "/api/v1/lessons/" + lesson.id + "/recording.mp4?token=" + link;
  }
  json about = lesson_json(lesson, use.directory, use.plans);
  about["ended_at"] = wall_json(lesson.ended);
  return json_response({{"lesson", std::move(about)},
                        {"now", base::wall_now().time_since_epoch().count()},
                        {"publisher", publisher.empty() ? json(nullptr) : json(publisher)},
                        {"whip", "/whip/" + lesson.id},
                        {"publish_key", lesson.publish_key},
                        {"lead", use.lead ? use.lead(token) : json(nullptr)},
                        {"air", air_json(use.air ? use.air(lesson.id) : std::nullopt)},
                        {"watch", "/w/" + link},
                        {"recording", recording},
                        {"signal", use.signal}});
}

void show(const StudioRoutes& use, const Request& request, Responder responder) {
  if (const auto led = led_with(use, request, responder)) responder.send(describe(use, *led));
}

void set_state(const StudioRoutes& use, const Request& request, Responder responder,
               school::LessonState state) {
  const auto led = led_with(use, request, responder);
  if (!led) return;
  // What is so already stays untouched: a page that asks twice restarts nothing.
  if (led->lesson->state != state) {
    if (auto changed = use.set_state(led->lesson->id, state); !changed)
      return responder.send(refused(changed.error()));
  }
  responder.send(describe(use, *led));
}

// The body is only counted: how long it took is the page's to measure, as it knows when it began.
void try_upload(const StudioRoutes& use, const Request& request, Responder responder) {
  const auto token = use.signer.verify(presented_token(request), base::wall_now());
  if (!token || token->role != school::Role::lead) {
    return responder.fail({base::Errc::not_found, "no such link"});
  }
  responder.send(json_response({{"bytes", request.body().size()}}));
}

}  // namespace

void add_studio_routes(Server& server, const StudioRoutes& use) {
  const auto setting = [](school::LessonState state) {
    return [state](const StudioRoutes& u, const Request& request, Responder responder) {
      set_state(u, request, std::move(responder), state);
    };
  };
  add_routes(server, use,
             {{"GET", "/api/v1/studio/{link}", Where::control, show},
              {"POST", "/api/v1/studio/{link}/start", Where::control, setting(school::LessonState::open)},
              {"POST", "/api/v1/studio/{link}/end", Where::control, setting(school::LessonState::ended)},
              {"POST", "/api/v1/preflight/upload", Where::worker, try_upload}});
}

}  // namespace tongke::relay::http::api
