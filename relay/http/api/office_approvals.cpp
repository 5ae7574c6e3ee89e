#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/on_store.hpp"
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

/// Asks or answers on the store thread; says the wish as it is then.
void settle(const Office& office, const Visitor& visitor, Responder responder, int status,
            std::function<Result<Approval>(school::store::Store&)> work) {
  on_store<Approval>(office, std::move(responder), std::move(work), [visitor, status](const Approval& wish) {
    return json_response(approval_json(visitor, wish), status);
  });
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
  const auto act = school::act_from(*name);
  const auto target = target_in(*visitor.people, *body);
  const auto verdict = act && target ? visitor.may(*act, *target) : Verdict::no;
  if (verdict == Verdict::no) return responder.fail(nothing_here());
  if (verdict == Verdict::yes) return responder.fail({Errc::conflict, "nobody has to agree to it", "act"});
  settle(office, visitor, std::move(responder), 201,
         [&approvals = office.approvals, asker = visitor.asker.staff, act = *act, target = *target,
          reason = *reason](school::store::Store& store) {
           return approvals.ask(store, asker, act, target, reason, base::wall_now());
         });
}

void list(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& /*request*/,
          Responder responder) {
  json items = json::array();
  for (const auto& wish : office.approvals.of(*visitor.people, visitor.asker.staff, base::wall_now()))
    items.push_back(approval_json(visitor, wish));
  responder.send(json_response({{"items", std::move(items)}}));
}

OfficeHandler answering(bool agrees) {
  return [agrees](const Office& office, const Visitor& visitor, const auto& request, Responder responder) {
    settle(office, visitor, std::move(responder), 200,
           [&approvals = office.approvals, people = visitor.people, agrees,
            id = std::string(request->param("approval")),
            approver = visitor.asker.staff](school::store::Store& store) {
             return approvals.answer(store, *people, id, approver, agrees, base::wall_now());
           });
  };
}

}  // namespace

void add_approval_routes(Server& server, const Office& office) {
  add_staff_routes(server, office, Where::worker,
                   {{"GET", "/api/v1/approvals", list},
                    {"POST", "/api/v1/approvals", ask},
                    {"POST", "/api/v1/approvals/{approval}/agree", answering(true)},
                    {"POST", "/api/v1/approvals/{approval}/refuse", answering(false)}});
}

}  // namespace tongke::relay::http::api
