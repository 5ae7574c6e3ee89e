#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_json.hpp"
#include "school/clean_text.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Approval;
using school::Verdict;
namespace people = school::people;

constexpr std::size_t kLongestReason = 300;
constexpr std::size_t kShortestReason = 4;

json approval_json(const Visitor& visitor, const Approval& wish) {
  const people::Directory& district = *visitor.people;
  const people::Pupil* pupil = district.find(wish.target.pupil);
  return {{"id", wish.id},
          {"act", to_string(wish.act)},
          {"asker", brief_json(district.find(wish.asker))},
          {"school", brief_json(district.find(wish.target.school))},
          {"class", brief_json(district.find(wish.target.original_class))},
          {"pupil", pupil ? json(pupil->public_id.view()) : json(nullptr)},
          {"reason", wish.reason},
          {"asked_at", wish.asked.time_since_epoch().count()},
          {"state", to_string(wish.state)},
          {"approver", brief_json(district.find(wish.approver))},
          {"to_answer",
           wish.state == Approval::State::asked && school::may_approve(district, visitor.asker.staff, wish)}};
}

/// {"pupil"|"class"|"school": id} in a body.
std::optional<school::Target> target_in(const people::Directory& district, const json& body) {
  const auto id = [&](const char* kind) {
    const auto value = body.find(kind);
    return value != body.end() && value->is_string() ? people::PublicId::parse(value->get<std::string>())
                                                     : std::nullopt;
  };
  if (const auto pupil = id("pupil")) {
    const auto* row = district.pupil(*pupil);
    return row ? std::optional(school::about(district, *row)) : std::nullopt;
  }
  if (const auto in_class = id("class")) {
    const auto* row = district.original_class(*in_class);
    return row ? std::optional(school::about(*row)) : std::nullopt;
  }
  const auto at = id("school");
  const auto* row = at ? district.school(*at) : nullptr;
  return row ? std::optional(school::about(*row)) : std::nullopt;
}

std::optional<Act> act_named(std::string_view name) {
  for (std::size_t i = 0; i < school::kActCount; ++i)
    if (to_string(static_cast<Act>(i)) == name) return static_cast<Act>(i);
  return std::nullopt;
}

void ask(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
         Responder responder) {
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto name = text_field(*body, "act");
  if (!name) return responder.fail(name.error());
  const auto reason = text_field(*body, "reason");
  if (!reason) return responder.fail(reason.error());
  if (reason->size() < kShortestReason || reason->size() > kLongestReason || !school::is_clean_text(*reason))
    return responder.fail({Errc::invalid, "4 to 300 bytes on one line", "reason"});
  const auto act = act_named(*name);
  const auto target = target_in(*visitor.people, *body);
  const auto verdict = act && target ? visitor.may(*act, *target) : Verdict::no;
  if (verdict == Verdict::no) return responder.fail(nothing_here());
  if (verdict == Verdict::yes) return responder.fail({Errc::conflict, "nobody has to agree to it", "act"});
  const auto wish = office.approvals.ask(visitor.asker.staff, *act, *target, *reason, base::wall_now());
  wish ? responder.send(json_response(approval_json(visitor, *wish), 201)) : responder.fail(wish.error());
}

void list(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& /*request*/,
          Responder responder) {
  json items = json::array();
  for (const auto& wish : office.approvals.of(*visitor.people, visitor.asker.staff, base::wall_now()))
    items.push_back(approval_json(visitor, wish));
  responder.send(json_response({{"items", std::move(items)}}));
}

void answer(const Office& office, const Visitor& visitor, const Request& request, Responder responder,
            bool agrees) {
  const auto answered = office.approvals.answer(*visitor.people, std::string(request.param("approval")),
                                                visitor.asker.staff, agrees, base::wall_now());
  answered ? responder.send(json_response(approval_json(visitor, *answered)))
           : responder.fail(answered.error());
}

}  // namespace

void add_approval_routes(Server& server, const Office& office) {
  const auto add = [&](std::string_view method, std::string_view pattern, OfficeHandler handle) {
    add_staff_route(server, office, method, pattern, Where::worker, std::move(handle));
  };
  add("GET", "/api/v1/approvals", list);
  add("POST", "/api/v1/approvals", ask);
  for (const bool agrees : {true, false}) {
    add("POST", agrees ? "/api/v1/approvals/{approval}/agree" : "/api/v1/approvals/{approval}/refuse",
        [agrees](const Office& use, const Visitor& visitor, const auto& request, Responder responder) {
          answer(use, visitor, *request, std::move(responder), agrees);
        });
  }
}

}  // namespace tongke::relay::http::api
