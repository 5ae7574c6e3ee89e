#include "relay/http/api/holds.hpp"

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;
using school::retention::Hold;
namespace people = school::people;

/// Names of people who were signed in; what else stands there was typed at the command line.
constexpr std::string_view kSignedIn = "staff:";

std::string signed_in(const Visitor& visitor) {
  const people::Staff* staff = visitor.people->find(visitor.asker.staff);
  return std::string(kSignedIn) + (staff ? staff->public_id.str() : std::string());
}

json person_json(const people::Directory& district, const std::string& by) {
  if (by.empty()) return nullptr;
  if (!by.starts_with(kSignedIn)) return {{"id", nullptr}, {"name", by}};
  const auto id = people::PublicId::parse(std::string_view(by).substr(kSignedIn.size()));
  return brief_json(id ? district.staff(*id) : nullptr);
}

json hold_json(const HoldRoutes& use, const Visitor& visitor, const Hold& hold) {
  const people::Directory& district = *visitor.people;
  const auto* lesson = use.office.lessons.find(hold.lesson);
  const auto at = [](base::WallTime time) { return json(time.time_since_epoch().count()); };
  return {{"lesson", hold.lesson},
          {"title", lesson ? json(lesson->title) : json(nullptr)},
          {"reason", hold.reason},
          {"asked_by", person_json(district, hold.first_by)},
          {"asked_at", at(hold.first_at)},
          {"approved_by", person_json(district, hold.second_by)},
          {"approved_at", hold.second_by.empty() ? json(nullptr) : at(hold.second_at)},
          {"release_asked_by", person_json(district, hold.release_by)}};
}

/// The lesson of the address, if the visitor may hold it; "" otherwise.
std::string lesson_of(const HoldRoutes& use, const Visitor& visitor, const Request& request) {
  const auto* lesson = use.office.lessons.find(request.param("id"));
  return lesson && may_hold_lesson(visitor, use.office.arrangements.of(lesson->id)) ? lesson->id
                                                                                    : std::string();
}

void list(const HoldRoutes& use, const Visitor& visitor, Responder responder) {
  json items = json::array();
  for (const auto& [lesson, hold] : use.holds.all())
    if (may_hold_lesson(visitor, use.office.arrangements.of(lesson)))
      items.push_back(hold_json(use, visitor, hold));
  responder.send(json_response({{"items", std::move(items)}}));
}

void set(const HoldRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const std::string lesson = lesson_of(use, visitor, request);
  if (lesson.empty()) return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto reason = body->contains("reason") ? text_field(*body, "reason") : std::string();
  if (!reason) return responder.fail(reason.error());
  const auto hold = use.holds.set(lesson, signed_in(visitor), *reason, base::wall_now());
  hold ? responder.send(json_response(hold_json(use, visitor, *hold))) : responder.fail(hold.error());
}

void release(const HoldRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const std::string lesson = lesson_of(use, visitor, request);
  if (lesson.empty()) return responder.fail(nothing_here());
  const auto hold = use.holds.release(lesson, signed_in(visitor));
  if (!hold) return responder.fail(hold.error());
  json said = hold_json(use, visitor, *hold);
  said["released"] = !use.holds.all().contains(lesson);
  responder.send(json_response(said));
}

}  // namespace

void add_hold_routes(Server& server, const HoldRoutes& use) {
  const auto add = [&](std::string_view method, std::string_view pattern, auto&& handle) {
    add_staff_route(
        server, use.office, method, pattern, Where::control,
        [use, handle](const Office&, const Visitor& visitor, const auto& request, Responder responder) {
          handle(use, visitor, *request, std::move(responder));
        });
  };
  add("GET", "/api/v1/holds",
      [](const HoldRoutes& u, const Visitor& visitor, const Request&, Responder responder) {
        list(u, visitor, std::move(responder));
      });
  add("PUT", "/api/v1/lessons/{id}/hold", set);
  add("DELETE", "/api/v1/lessons/{id}/hold", release);
}

}  // namespace tongke::relay::http::api
