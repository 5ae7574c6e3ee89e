#include "relay/http/api/office_recordings.hpp"

#include <algorithm>
#include <optional>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "school/links/issue.hpp"

namespace tongke::relay::http::api {
namespace {

using school::Act;
using school::Verdict;

constexpr std::chrono::hours kLinkLasts{24};

/// What of a lesson lets the visitor watch it; nullopt: nothing.
std::optional<school::Target> watched_as(const Office& office, const Visitor& visitor,
                                         const std::string& lesson) {
  if (!visitor.asker.staff || !office.lessons.find(lesson)) return std::nullopt;
  const auto targets = targets_of(*visitor.people, office.arrangements.of(lesson));
  const auto found = std::ranges::find_if(
      targets, [&](const school::Target& target) { return visitor.may(Act::watch, target) == Verdict::yes; });
  if (found == targets.end()) return std::nullopt;
  return *found;
}

void make_link(const Office& office, const Visitor& visitor, const Request& request, Responder responder) {
  const std::string id(request.param("id"));
  const auto target = watched_as(office, visitor, id);
  if (!target) return responder.fail(nothing_here());
  answer_logged(office, visitor, request, std::move(responder), Act::watch, *target,
                [&office, id, staff = visitor.asker.staff] {
                  const auto expires = base::wall_now() + kLinkLasts;
                  const std::string link = office.signer.issue(
                      school::links::staff_link(office.links, staff, school::Role::office, id, expires));
                  const std::string recording = "/api/v1/lessons/" + id + "/recording";
                  return json_response({{"page", "/w/" + link},
                                        {"recording", recording + "?token=" + link},
                                        {"mp4", recording + ".mp4?token=" + link},
                                        {"m4a", recording + ".m4a?token=" + link},
                                        {"expires_at", wall_json(expires)}},
                                       201);
                });
}

}  // namespace

void add_office_recording_routes(Server& server, const Office& office) {
  add_office_route(
      server, office, "POST", "/api/v1/lessons/{id}/office-link", Where::control,
      [](const Office& use, const Visitor& visitor, const std::shared_ptr<const Request>& request,
         Responder responder) { make_link(use, visitor, *request, std::move(responder)); });
}

}  // namespace tongke::relay::http::api
