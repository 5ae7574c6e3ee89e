#include <algorithm>

#include "relay/http/api/channel.hpp"
#include "relay/http/api/channel_audience.hpp"
#include "relay/http/api/channel_guide.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_device.hpp"
#include "school/links/issue.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
namespace links = school::links;
namespace people = school::people;

json channels_json(const Office& office, const people::Directory& district, const school::Token& channel) {
  const std::string link = office.signer.issue(channel);
  json list = json::array();
  for (const Audience& one : audiences_of(district, channel)) {
    list.push_back(
        {{"id", one.id}, {"title", one.title}, {"url", office.origin + channel_path(link, one.place)}});
  }
  return {{"link", link},
          {"playlist", office.origin + "/channel/" + link + "/playlist.m3u"},
          {"channels", std::move(list)},
          {"expires_at", wall_json(channel.expires)}};
}

/// The channel of whoever has this own link; none of staff.
std::optional<school::Token> channel_of(const Office& office, const people::Directory& district,
                                        const school::Token& own) {
  const auto bearer = links::bearer_of(own);
  if (!bearer) return std::nullopt;
  if (bearer->first == links::Bearer::pupil) {
    const auto* pupil = district.find(people::PupilId{bearer->second});
    return pupil ? std::optional(
                       links::pupil_link(office.links, *pupil, links::channel_of_child(), own.expires))
                 : std::nullopt;
  }
  if (bearer->first != links::Bearer::home) return std::nullopt;
  for (const auto id : district.children_of({bearer->second})) {
    const people::Pupil& child = *district.find(id);
    if (child.standing == people::Standing::active)
      return links::guardian_link(office.links, child, links::channel_of_child(), own.expires);
  }
  return std::nullopt;
}

void show_own(const Office& office, const Request& request, Responder responder) {
  const auto own = office.signer.verify_own(request.param("link"), base::wall_now());
  if (!own) return responder.fail({Errc::not_found, "no such link"});
  if (!knows_device(office, request, *own))
    return responder.send(problem(403, "new_device", "this device is asked for a guardian's number first"));
  const auto district = office.people.current();
  const auto channel = channel_of(office, *district, *own);
  if (!channel) return responder.fail({Errc::not_found, "no channel of this link"});
  responder.send(json_response(channels_json(office, *district, *channel)));
}

struct Wish {
  links::Screen screen;
  school::Target target;
};

/// @errors not_found; invalid (field "grade")
Result<Wish> wish_of(const people::Directory& district, const json& body) {
  const auto id = [&](const char* kind) {
    const auto value = body.find(kind);
    return value != body.end() && value->is_string() ? people::PublicId::parse(value->get<std::string>())
                                                     : std::nullopt;
  };
  if (const auto* row = id("class") ? district.original_class(*id("class")) : nullptr)
    return Wish{{.original_class = row->id}, school::about(*row)};
  const auto* at = id("school") ? district.school(*id("school")) : nullptr;
  if (!at) return nothing_here();
  Wish wish{{.school = at->id}, school::about(*at)};
  const auto grade = body.find("grade");
  if (grade == body.end()) return wish;
  const bool number = grade->is_number_unsigned() && grade->get<std::uint64_t>() <= people::kLastGrade;
  wish.screen.grade = number ? grade->get<people::Grade>() : people::Grade{0};
  const bool taught = std::ranges::any_of(district.classes_of(at->id), [&](people::ClassId one) {
    return district.find(one)->grade == wish.screen.grade;
  });
  if (!taught) return Error{Errc::invalid, "the school has no class of this grade", "grade"};
  return wish;
}

void make(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
          Responder responder) {
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto wish = wish_of(*visitor.people, *body);
  if (!wish) return responder.fail(wish.error());
  answer_logged(office, visitor, *request, std::move(responder), Act::make_links, wish->target,
                [&office, screen = wish->screen, district = visitor.people] {
                  const auto token =
                      links::screen_link(office.links, screen, "", base::wall_now() + office.links_valid);
                  return json_response(channels_json(office, *district, token), 201);
                });
}

}  // namespace

void add_channel_link_routes(Server& server, const Office& office) {
  add_staff_route(server, office, "POST", "/api/v1/channels", Where::control, make);
  server.route("GET", "/api/v1/links/{link}/channels", Where::worker,
               [&office](const auto& request, Responder responder) {
                 show_own(office, *request, std::move(responder));
               });
}

}  // namespace tongke::relay::http::api
