#include "relay/http/api/office.hpp"

#include <algorithm>
#include <charconv>

#include "relay/http/api/access.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_cookie.hpp"
#include "relay/http/api/office_device.hpp"
#include "school/crypto.hpp"
#include "school/links/revocations.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace people = school::people;

constexpr std::size_t kMostPerPage = 200;
constexpr std::size_t kLongestIdempotencyKey = 128;

bool changes_something(std::string_view method) { return method != "GET" && method != "HEAD"; }

std::optional<Visitor> by_session(const Office& office, std::string_view token) {
  const auto session = office.sessions.find(token, base::Steady::now());
  if (!session) return std::nullopt;
  const auto account = office.accounts.find(session->login);
  auto now = office.people.current();
  const people::Staff* staff = now->find(session->staff);
  if (!account || account->disabled || !staff || staff->standing != people::Standing::active)
    return std::nullopt;
  return Visitor{.asker = {.staff = staff->id},
                 .name = session->login,
                 .session = std::string(token),
                 .people = std::move(now)};
}

}  // namespace

std::optional<Visitor> by_link(const Office& office, const Request& request, std::string_view link) {
  const auto token = office.signer.verify_own(link, base::wall_now());
  const auto bearer =
      token && knows_device(office, request, *token) ? school::links::bearer_of(*token) : std::nullopt;
  if (!bearer) return std::nullopt;
  Visitor visitor{.people = office.people.current()};
  const std::uint32_t row = bearer->second;
  switch (bearer->first) {
    case school::links::Bearer::pupil:
      visitor.asker.pupil = {row};
      break;
    case school::links::Bearer::home:
      visitor.asker.home = {row};
      break;
    default:
      return std::nullopt;  // staff sign in
  }
  return visitor;
}

std::optional<Visitor> admit(const Office& office, const Request& request, Responder& responder) {
  if (const auto bearer = bearer_token(request)) {
    auto visitor = by_session(office, *bearer);
    if (!visitor) visitor = by_link(office, request, *bearer);
    if (visitor) return visitor;
  } else if (const auto cookie = session_cookie(request)) {
    if (auto visitor = by_session(office, *cookie)) {
      if (!changes_something(request.method())) return visitor;
      const auto proof = request.header("X-CSRF-Token").value_or("");
      if (school::crypto::equal(base::as_bytes(proof), base::as_bytes(office.sessions.csrf(*cookie))))
        return visitor;
      responder.send(problem(403, "csrf", "X-CSRF-Token must be the session's"));
      return std::nullopt;
    }
  }
  auto refusal = problem(401, "sign_in", "sign in first");
  refusal.headers.emplace_back("WWW-Authenticate", "Bearer");
  responder.send(std::move(refusal));
  return std::nullopt;
}

void add_office_route(Server& server, const Office& office, std::string_view method, std::string_view pattern,
                      Where where, OfficeHandler handler) {
  server.route(method, pattern, where,
               [&office, handler = std::move(handler)](const std::shared_ptr<const Request>& request,
                                                       Responder responder) {
                 if (const auto visitor = admit(office, *request, responder))
                   handler(office, *visitor, request, std::move(responder));
               });
}

void add_staff_route(Server& server, const Office& office, std::string_view method, std::string_view pattern,
                     Where where, OfficeHandler handler) {
  add_office_route(server, office, method, pattern, where,
                   [handler = std::move(handler)](const Office& use, const Visitor& visitor,
                                                  const auto& request, Responder responder) {
                     if (visitor.session.empty()) return responder.fail(nothing_here());
                     handler(use, visitor, request, std::move(responder));
                   });
}

void add_office_routes(Server& server, const Office& office, Where where,
                       std::initializer_list<OfficeRoute> routes) {
  for (const auto& [method, pattern, handle] : routes)
    add_office_route(server, office, method, pattern, where, handle);
}

void add_staff_routes(Server& server, const Office& office, Where where,
                      std::initializer_list<OfficeRoute> routes) {
  for (const auto& [method, pattern, handle] : routes)
    add_staff_route(server, office, method, pattern, where, handle);
}

void add_office_maker(Server& server, const Office& office, std::string_view pattern, Where where,
                      OfficeMaker make) {
  add_office_route(
      server, office, "POST", pattern, where,
      [make = std::move(make)](const Office& use, const Visitor& visitor,
                               const std::shared_ptr<const Request>& request, Responder responder) {
        const auto shared = std::make_shared<Responder>(std::move(responder));
        const auto key = request->header("Idempotency-Key");
        if (!key)
          return make(use, visitor, request, [shared](Response answer) { shared->send(std::move(answer)); });
        if (key->empty() || key->size() > kLongestIdempotencyKey)
          return shared->fail({Errc::invalid, "1 to 128 characters", "Idempotency-Key"});
        const std::string name = visitor.name + " " + std::string(request->path()) + " " + std::string(*key);
        const auto claim = use.repeats.claim(name, base::Steady::now());
        if (claim.state == Repeats::State::answered) return shared->send(claim.answer);
        if (claim.state == Repeats::State::running)
          return shared->fail({Errc::conflict, "the first of these requests is not answered yet"});
        make(use, visitor, request, [shared, name, &repeats = use.repeats](Response answer) {
          repeats.answered(name, answer);
          shared->send(std::move(answer));
        });
      });
}

school::Access access_of(const Visitor& visitor, school::Act act, const school::Target& target) {
  return {.at = base::wall_now(),
          .staff = visitor.asker.staff,
          .home = visitor.asker.home,
          .act = std::string(to_string(act)),
          .school = target.school,
          .original_class = target.original_class,
          .pupil = target.pupil};
}

void answer_logged(const Office& office, const Visitor& visitor, const Request& request, Responder responder,
                   school::Act act, const school::Target& target, std::function<Response()> answer) {
  const auto verdict = visitor.may(act, target);
  if (verdict == school::Verdict::no) return responder.fail(nothing_here());
  school::Access entry = access_of(visitor, act, target);
  if (verdict == school::Verdict::with_reason) {
    const auto agreed = office.approvals.agreed(request.query("approval").value_or(""), visitor.asker.staff,
                                                act, target, base::wall_now());
    if (!agreed)
      return responder.send(problem(403, "approval_required",
                                    "somebody of the school's office has to agree: POST /api/v1/approvals"));
    entry.reason = agreed->reason;
    entry.approver = agreed->approver;
  }
  // The look is on disk before anything is seen.
  const auto shared = std::make_shared<Responder>(std::move(responder));
  office.people.writer().submit(
      [&log = office.access_log, entry](school::store::Store& store) { return log.note(store, entry); },
      office.control,
      [shared, answer = std::move(answer)](const Result<void>& noted) {
        noted ? shared->send(answer()) : shared->fail(noted.error());
      });
}

std::string etag_of(const json& body) {
  constexpr std::string_view kKey = "etag";
  const std::string text = body.dump();
  const auto digest = school::crypto::hmac_sha256(base::as_bytes(kKey), base::as_bytes(text));
  return "\"" + school::crypto::base64url(base::ByteView(digest).first(12)) + "\"";
}

Response tagged_json(const json& body) {
  Response response = json_response(body);
  response.headers = {{"Cache-Control", "private, no-cache"}, {"ETag", etag_of(body)}};
  return response;
}

Result<Page> page_of(const Request& request) {
  Page page;
  const auto read = [&](const char* name, auto& value) {
    const auto text = request.query(name);
    if (!text) return true;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    return error == std::errc() && end == text->data() + text->size();
  };
  if (!read("cursor", page.after)) return Error{Errc::invalid, "no cursor of ours", "cursor"};
  if (!read("limit", page.limit) || page.limit < 1 || page.limit > kMostPerPage)
    return Error{Errc::invalid, "1 to 200", "limit"};
  return page;
}

}  // namespace tongke::relay::http::api
