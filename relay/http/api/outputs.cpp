#include "relay/http/api/outputs.hpp"

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_lesson.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using nlohmann::json;

const char* kind_of(const output::Destination& destination) {
  return destination.format == pipeline::wire::OutputFormat::mpegts ? "ts" : "rtmp";
}

// Without the address, which may hold what is nobody's business.
json destination_json(const output::Destination& destination) {
  return {{"name", destination.name},
          {"kind", kind_of(destination)},
          {"wants_key", destination.wants_key()},
          {"delay_ms", destination.delay.count()}};
}

json output_json(const output::Output& output) {
  const auto status = output.status();
  return {{"destination", output.destination().name},
          {"kind", kind_of(output.destination())},
          {"delay_ms", output.destination().delay.count()},
          {"state", to_string(status.state)},
          {"since", wall_json(status.since)},
          {"bytes", status.bytes},
          {"restarts", status.restarts},
          {"dropped_segments", status.dropped_segments},
          {"dropped_frames", status.dropped_frames},
          {"late", status.late},
          {"underruns", status.underruns},
          {"cut", status.cut.has_value()},
          {"cut_since", wall_json(status.cut)},
          {"last_error", status.last_error.empty() ? json(nullptr) : json(status.last_error)}};
}

/// The lesson of the address, if the visitor may send it away; null otherwise.
const school::Lesson* lesson_of(const OutputRoutes& use, const Visitor& visitor, const Request& request) {
  const auto* lesson = use.office.lessons.find(request.param("id"));
  return lesson && may_manage_lesson(visitor, use.office.arrangements.of(lesson->id)) ? lesson : nullptr;
}

void list(const OutputRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto* lesson = lesson_of(use, visitor, request);
  if (!lesson) return responder.fail(nothing_here());
  json destinations = json::array();
  for (const auto& each : use.outputs.destinations()) destinations.push_back(destination_json(each));
  json items = json::array();
  for (const auto* each : use.outputs.of(lesson->id)) items.push_back(output_json(*each));
  responder.send(json_response({{"items", std::move(items)}, {"destinations", std::move(destinations)}}));
}

void start(const OutputRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto* lesson = lesson_of(use, visitor, request);
  if (!lesson) return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto destination = text_field(*body, "destination");
  if (!destination) return responder.fail(destination.error());
  const auto key = body->contains("key") ? text_field(*body, "key") : std::string();
  if (!key) return responder.fail(key.error());
  if (lesson->state == school::LessonState::ended)
    return responder.fail({Errc::conflict, "the lesson has ended"});
  const auto started = use.outputs.start(lesson->id, *destination, *key);
  started ? responder.send(json_response(output_json(**started), 201)) : responder.fail(started.error());
}

void stop(const OutputRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto* lesson = lesson_of(use, visitor, request);
  if (!lesson) return responder.fail(nothing_here());
  const auto stopped = use.outputs.stop(lesson->id, std::string(request.param("destination")));
  if (!stopped) return responder.fail(stopped.error());
  Response gone;
  gone.status = 204;
  responder.send(std::move(gone));
}

void cut(const OutputRoutes& use, const Visitor& visitor, const Request& request, Responder responder,
         bool on) {
  const auto* lesson = lesson_of(use, visitor, request);
  if (!lesson) return responder.fail(nothing_here());
  const auto output = use.outputs.cut(lesson->id, std::string(request.param("destination")), on);
  output ? responder.send(json_response(output_json(**output))) : responder.fail(output.error());
}

}  // namespace

void add_output_routes(Server& server, const OutputRoutes& use) {
  const auto add = [&](std::string_view method, std::string_view pattern, auto&& handle) {
    add_staff_route(
        server, use.office, method, pattern, Where::control,
        [use, handle](const Office&, const Visitor& visitor, const auto& request, Responder responder) {
          handle(use, visitor, *request, std::move(responder));
        });
  };
  add("GET", "/api/v1/lessons/{id}/outputs", list);
  add("POST", "/api/v1/lessons/{id}/outputs", start);
  add("DELETE", "/api/v1/lessons/{id}/outputs/{destination}", stop);
  const auto cutter = [](bool on) {
    return [on](const OutputRoutes& routes, const Visitor& visitor, const Request& request,
                Responder responder) { cut(routes, visitor, request, std::move(responder), on); };
  };
  add("PUT", "/api/v1/lessons/{id}/outputs/{destination}/cut", cutter(true));
  add("DELETE", "/api/v1/lessons/{id}/outputs/{destination}/cut", cutter(false));
}

}  // namespace tongke::relay::http::api
