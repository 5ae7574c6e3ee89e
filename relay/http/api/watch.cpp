#include "relay/http/api/access.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/lesson_json.hpp"
#include "relay/http/api/routes.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;

// Who may keep the lesson as a file; pupils have the replay.
bool may_download(school::Role role) {
  return role == school::Role::lead || role == school::Role::teacher || role == school::Role::office;
}

void watch(const WatchRoutes& use, const Request& request, Responder responder) {
  const std::string link(request.param("link"));
  const auto token = use.signer.verify(link, base::wall_now());
  const auto* lesson = token ? use.lessons.find(token->lesson) : nullptr;
  if (!lesson) {
    responder.fail({base::Errc::not_found, "no such link"});
    return;
  }
  const std::string hls = "/hls/" + link + "/" + lesson->id;
  json recording = {{"mp4", nullptr}};
  if (may_download(token->role) && lesson->started) {
    recording["mp4"] = "/api/v1/lessons/" + lesson->id + "/recording.mp4?token=" + link;
  }
  const std::string studio = use.studio(*token);
  const auto on_air = use.directory.find(lesson->id);
  const bool is_on_air =
      on_air && (on_air->on_air() == live::OnAir::live || on_air->on_air() == live::OnAir::interrupted);
  const auto sound_first = is_on_air ? use.sound_first(*token, link) : std::chrono::milliseconds(0);
  auto response =
      json_response({{"lesson", lesson_json(*lesson, use.directory, use.plans)},
                     {"now", base::wall_now().time_since_epoch().count()},
                     {"hls", {{"master", hls + "/master.m3u8"}, {"audio", hls + "/audio/media.m3u8"}}},
                     {"whep", "/whep/" + lesson->id},
                     {"sound_first_ms", sound_first.count() > 0 ? json(sound_first.count()) : json(nullptr)},
                     {"recording", recording},
                     {"signal", use.signal},
                     {"studio", studio.empty() ? json(nullptr) : json(studio)}});
  if (device_of(request).name.empty())
    response.headers.emplace_back("Set-Cookie", new_device_cookie(use.secure));
  responder.send(std::move(response));
}

}  // namespace

void add_watch_routes(Server& server, const WatchRoutes& use) {
  server.route("GET", "/api/v1/about", Where::control, [use](const auto& /*request*/, Responder responder) {
    const std::string link = use.demo_link();
    responder.send(json_response({{"name", "Tongke"},
                                  {"version", use.version},
                                  {"demo", link.empty() ? json(nullptr) : json({{"watch", "/w/" + link}})}}));
  });
  server.route(
      "GET", "/api/v1/watch/{link}", Where::control,
      [use](const auto& request, Responder responder) { watch(use, *request, std::move(responder)); });
}

}  // namespace tongke::relay::http::api
