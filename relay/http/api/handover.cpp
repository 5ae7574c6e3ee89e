#include "relay/http/api/handover.hpp"

#include <algorithm>

#include "relay/http/api/add_routes.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "school/links/issue.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using nlohmann::json;
namespace links = school::links;
namespace people = school::people;

/// Who holds a teacher's link; none for a counted link.
people::StaffId holder_of(const school::Token& token) {
  const auto bearer = links::bearer_of(token);
  return bearer && bearer->first == links::Bearer::staff ? people::StaffId{bearer->second}
                                                         : people::StaffId();
}

/// The lead's link leads, unless it is the own link of somebody whose turn is over.
bool leads(const school::Arrangement& lesson, const school::Token& token) {
  const auto holder = holder_of(token);
  return token.role == school::Role::lead && (!holder || !lesson.lead() || lesson.lead() == holder);
}

/// The classes of the lesson that are this teacher's own, by name.
json own_rooms_json(const people::Directory& district, const school::Arrangement& lesson,
                    const people::Staff& staff) {
  json labels = json::array();
  for (const auto& room : lesson.rooms)
    if (school::teaches(district, staff, room)) labels.push_back(school::label_of(district, room.seating));
  return labels;
}

/// Those who know the lesson's classes, and those who led it before.
bool may_lead(const school::Arrangement& lesson, const people::Staff& staff, const json& own_rooms) {
  return staff.standing == people::Standing::active &&
         (!own_rooms.empty() ||
          std::ranges::find(lesson.leads, staff.id, &school::Lead::staff) != lesson.leads.end());
}

json colleagues_json(const people::Directory& district, const school::Arrangement& lesson) {
  json list = json::array();
  for (const people::Staff& staff : district.staff()) {
    json own = own_rooms_json(district, lesson, staff);
    if (staff.id != lesson.lead() && may_lead(lesson, staff, own))
      list.push_back({{"id", staff.public_id.view()}, {"name", staff.name}, {"rooms", std::move(own)}});
  }
  return list;
}

json describe(const Office& office, const school::Token& token) {
  const auto& lesson = office.arrangements.of(token.lesson);
  return {{"lead", lead_json(office, token)},
          {"colleagues",
           leads(lesson, token) ? colleagues_json(*office.people.current(), lesson) : json::array()}};
}

void make_lead(const Office& office, const school::Token& token, people::StaffId to, Responder responder) {
  const auto done = office.arrangements.hand_over(*office.people.current(),
                                                  *office.lessons.find(token.lesson), to, base::wall_now());
  if (!done) return responder.fail(done.error());
  responder.send(json_response(describe(office, token)));
}

using Handler = void (*)(const Office&, const school::Token&, const Request&, Responder);

void show(const Office& office, const school::Token& token, const Request& /*request*/, Responder responder) {
  responder.send(json_response(describe(office, token)));
}

void give(const Office& office, const school::Token& token, const Request& request, Responder responder) {
  const auto district = office.people.current();
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto to = staff_in(*district, *body, "lead");
  if (!to) return responder.fail(to.error());
  const auto* staff = district->find(*to);
  if (!staff) return responder.fail({Errc::invalid, "whom to hand it to", "lead"});
  const auto& arranged = office.arrangements.of(token.lesson);
  if (!leads(arranged, token))
    return responder.fail({Errc::conflict, "another teacher leads by now", "lead"});
  if (!may_lead(arranged, *staff, own_rooms_json(*district, arranged, *staff)))
    return responder.fail({Errc::not_found, "teaches none of the lesson's classes", "lead"});
  make_lead(office, token, staff->id, std::move(responder));
}

void take_back(const Office& office, const school::Token& token, const Request& /*request*/,
               Responder responder) {
  const auto holder = holder_of(token);
  if (!holder) return responder.fail(nothing_here());
  make_lead(office, token, holder, std::move(responder));
}

/// For who holds a lead's link.
auto for_lead(Handler handler) {
  return [handler](const Office& office, const Request& request, Responder responder) {
    const auto token = office.signer.verify(request.param("link"), base::wall_now());
    if (!token || token->role != school::Role::lead || !office.lessons.find(token->lesson))
      return responder.fail(nothing_here());
    handler(office, *token, request, std::move(responder));
  };
}

}  // namespace

json lead_json(const Office& office, const school::Token& token) {
  const auto& lesson = office.arrangements.of(token.lesson);
  if (lesson.rooms.empty()) return nullptr;
  const auto district = office.people.current();
  const auto* lead = district->find(lesson.lead());
  return {{"name", lead ? json(lead->name) : json(nullptr)}, {"yours", leads(lesson, token)}};
}

std::string studio_of(const Office& office, const school::Token& token) {
  const auto holder = holder_of(token);
  if (token.role != school::Role::teacher || !holder || office.arrangements.of(token.lesson).lead() != holder)
    return {};
  return "/studio/" + office.signer.issue(links::staff_link(office.links, holder, school::Role::lead,
                                                            token.lesson, token.expires));
}

void add_handover_routes(Server& server, const Office& office) {
  add_routes(server, office,
             {{"GET", "/api/v1/studio/{link}/handover", Where::control, for_lead(show)},
              {"POST", "/api/v1/studio/{link}/handover", Where::control, for_lead(give)},
              {"DELETE", "/api/v1/studio/{link}/handover", Where::control, for_lead(take_back)}});
}

}  // namespace tongke::relay::http::api
