#include "relay/http/api/access.hpp"
#include "relay/http/api/add_routes.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/routes.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;
using record::Contents;

constexpr auto kMayDownload = {school::Role::lead, school::Role::teacher, school::Role::office};

json span(base::MediaTime start, base::MediaTime duration) {
  return {{"start", base::seconds(start)}, {"duration", base::seconds(duration)}};
}

/// @thread control
json exports_under_way(const RecordingRoutes& use, const std::string& lesson) {
  json exports = json::object();
  for (const auto& [name, kind] :
       {std::pair("mp4", record::ExportKind::mp4), std::pair("m4a", record::ExportKind::m4a)}) {
    if (const auto progress = use.exporter.progress(lesson, kind)) exports[name] = *progress;
  }
  return exports;
}

json describe(const Contents& contents) {
  json gaps = json::array();
  for (const auto& gap : contents.gaps) {
    json one = span(gap.start, gap.duration);
    one["sound"] = base::seconds(contents.filled(gap));
    gaps.push_back(std::move(one));
  }
  json losses = json::array();
  for (const auto& loss : contents.losses) {
    json one = span(loss.start, loss.duration);
    one["rendition"] = loss.rendition;
    one["why"] = loss.why;
    losses.push_back(std::move(one));
  }
  return {{"lesson", contents.lesson},  {"started_at", contents.started.time_since_epoch().count()},
          {"ended", contents.ended},    {"duration", base::seconds(contents.duration())},
          {"bytes", contents.bytes()},  {"gaps", std::move(gaps)},
          {"losses", std::move(losses)}};
}

/// Lets a handler answer from a callback that must be copyable.
std::shared_ptr<Responder> shared(Responder responder) {
  return std::make_shared<Responder>(std::move(responder));
}

void send_contents(const RecordingRoutes& use, const Request& request, Responder responder) {
  const std::string id(request.param("id"));
  if (const auto token = require(request, use.signer, id, kMayDownload); !token)
    return responder.fail(token.error());
  use.archive.read_contents(id, [exports = exports_under_way(use, id),
                                 answer = shared(std::move(responder))](const auto& contents) {
    if (!contents) return answer->fail(contents.error());
    json body = describe(**contents);
    body["exports_under_way"] = exports;
    answer->send(json_response(body));
  });
}

void send_export(const RecordingRoutes& use, const Request& request, Responder responder,
                 record::ExportKind kind) {
  const std::string id(request.param("id"));
  if (const auto token = require(request, use.signer, id, kMayDownload); !token)
    return responder.fail(token.error());
  use.exporter.request(id, kind, [id, kind, answer = shared(std::move(responder))](const auto& path) {
    if (!path) return answer->fail(path.error());
    const bool video = kind == record::ExportKind::mp4;
    Response response;
    response.content_type = video ? "video/mp4" : "audio/mp4";
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"lesson-" + id + (video ? ".mp4\"" : ".m4a\""));
    response.headers.emplace_back("Cache-Control", "private, no-cache");
    response.file = path->string();
    answer->send(std::move(response));
  });
}

}  // namespace

void add_recording_routes(Server& server, const RecordingRoutes& use) {
  const auto exported = [](record::ExportKind kind) {
    return [kind](const RecordingRoutes& u, const Request& request, Responder responder) {
      send_export(u, request, std::move(responder), kind);
    };
  };
  add_routes(
      server, use,
      {{"GET", "/api/v1/lessons/{id}/recording", Where::control, send_contents},
       {"GET", "/api/v1/lessons/{id}/recording.mp4", Where::control, exported(record::ExportKind::mp4)},
       {"GET", "/api/v1/lessons/{id}/recording.m4a", Where::control, exported(record::ExportKind::m4a)}});
}

}  // namespace tongke::relay::http::api
