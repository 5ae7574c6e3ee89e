#include "relay/http/api/office_recordings.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "school/links/issue.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::retention::Hold;

using Shared = std::shared_ptr<const OfficeRecordings>;

constexpr std::chrono::hours kLinkLasts{24};

/// What of a lesson lets the visitor do that; nullopt: nothing.
std::optional<school::Target> target_for(const OfficeRecordings& use, const Visitor& visitor, Act act,
                                         const std::string& lesson) {
  if (!visitor.asker.staff || !use.office.lessons.find(lesson)) return std::nullopt;
  const auto targets = targets_of(*visitor.people, use.office.arrangements.of(lesson));
  const auto found = std::ranges::find_if(
      targets, [&](const school::Target& target) { return visitor.may(act, target) == Verdict::yes; });
  if (found == targets.end()) return std::nullopt;
  return *found;
}

json hold_json(const Hold& hold, const Visitor& visitor) {
  const auto or_null = [](const std::string& who) { return who.empty() ? json(nullptr) : json(who); };
  return {{"lesson", hold.lesson},
          {"reason", hold.reason},
          {"first_by", hold.first_by},
          {"second_by", or_null(hold.second_by)},
          {"release_by", or_null(hold.release_by)},
          {"mine", hold.second_by.empty() ? hold.first_by == visitor.name : hold.release_by == visitor.name}};
}

void make_link(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const std::string id(request.param("id"));
  const auto target = target_for(*use, visitor, Act::watch, id);
  if (!target) return responder.fail(nothing_here());
  answer_logged(use->office, visitor, request, std::move(responder), Act::watch, *target,
                [use, id, staff = visitor.asker.staff] {
                  const auto expires = base::wall_now() + kLinkLasts;
                  const std::string link = use->office.signer.issue(
                      school::links::staff_link(use->office.links, staff, school::Role::office, id, expires));
                  const std::string recording = "/api/v1/lessons/" + id + "/recording";
                  return json_response({{"page", "/w/" + link},
                                        {"recording", recording + "?token=" + link},
                                        {"mp4", recording + ".mp4?token=" + link},
                                        {"m4a", recording + ".m4a?token=" + link},
                                        {"expires_at", wall_json(expires)}},
                                       201);
                });
}

void list_holds(const Shared& use, const Visitor& visitor, const Request& /*request*/, Responder responder) {
  json items = json::array();
  for (const auto& [lesson, hold] : use->holds().all()) {
    if (target_for(*use, visitor, Act::hold, lesson)) items.push_back(hold_json(hold, visitor));
  }
  responder.send(json_response({{"items", std::move(items)}}));
}

void change_hold(const Shared& use, const Visitor& visitor, const Request& request, Responder responder,
                 bool set) {
  const std::string id(request.param("id"));
  if (!target_for(*use, visitor, Act::hold, id)) return responder.fail(nothing_here());
  std::string reason;
  if (set) {
    const auto body = json_body(request);
    if (!body) return responder.fail(body.error());
    const auto said = text_field(*body, "reason");
    if (!said) return responder.fail(said.error());
    reason = *said;
  }
  const Result<Hold> hold = set ? use->holds().set(id, visitor.name, reason, base::wall_now())
                                : use->holds().release(id, visitor.name);
  hold ? responder.send(json_response(hold_json(*hold, visitor))) : responder.fail(hold.error());
}

}  // namespace

void add_office_recording_routes(Server& server, const OfficeRecordings& recordings) {
  const auto use = std::make_shared<const OfficeRecordings>(recordings);
  const auto route = [&](std::string_view method, std::string_view pattern, auto handler) {
    add_office_route(server, use->office, method, pattern, Where::control,
                     [use, handler](const Office& /*office*/, const Visitor& visitor,
                                    const std::shared_ptr<const Request>& request, Responder responder) {
                       handler(use, visitor, *request, std::move(responder));
                     });
  };
  route("GET", "/api/v1/holds", list_holds);
  route("POST", "/api/v1/lessons/{id}/office-link", make_link);
  route("POST", "/api/v1/lessons/{id}/hold",
        [](const auto& u, const auto& v, const auto& request, Responder r) {
          change_hold(u, v, request, std::move(r), true);
        });
  route("DELETE", "/api/v1/lessons/{id}/hold",
        [](const auto& u, const auto& v, const auto& request, Responder r) {
          change_hold(u, v, request, std::move(r), false);
        });
}

}  // namespace tongke::relay::http::api
