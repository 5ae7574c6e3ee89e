#include "relay/http/api/access.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_cookie.hpp"
#include "school/accounts/password.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace accounts = school::accounts;
namespace people = school::people;

Response too_often(std::chrono::seconds wait) {
  auto response = problem(429, "too_many_attempts",
                          "too many attempts; try again in " + std::to_string(wait.count()) + " s");
  response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

json session_json(const Office& office, const Visitor& visitor) {
  const people::Staff& staff = *visitor.people->find(visitor.asker.staff);
  const people::School* school = visitor.people->find(staff.school);
  json may = json::array();
  for (std::size_t i = 0; i < school::kActCount; ++i) {
    const auto act = static_cast<school::Act>(i);
    if (school::may_somewhere(*visitor.people, visitor.asker, act)) may.push_back(to_string(act));
  }
  return {
      {"login", visitor.name},
      {"name", staff.name},
      {"id", staff.public_id.view()},
      {"school", school ? json({{"id", school->public_id.view()}, {"name", school->name}}) : json(nullptr)},
      {"csrf", office.sessions.csrf(visitor.session)},
      {"may", std::move(may)}};
}

Response begun(const Office& office, const accounts::Account& account) {
  auto now = office.people.current();
  const std::string token = office.sessions.begin(account.login, account.staff, base::Steady::now());
  json body = session_json(
      office,
      {.asker = {.staff = account.staff}, .name = account.login, .session = token, .people = std::move(now)});
  body["token"] = token;
  Response response = json_response(body, 201);
  response.headers.emplace_back("Set-Cookie", set_session_cookie(token, office.secure));
  return response;
}

bool may_sign_in(const Office& office, const std::optional<accounts::Account>& account) {
  if (!account || account->disabled) return false;
  const auto now = office.people.current();
  const people::Staff* staff = now->find(account->staff);
  return staff && staff->standing == people::Standing::active;
}

/// Takes an attempt of the account's and one of the address's.
std::optional<std::chrono::seconds> take_attempt(const Office& office, const std::string& login,
                                                 const std::string& address) {
  const auto now = base::Steady::now();
  if (const auto wait = office.address_throttle.take(address, now)) return wait;
  const auto wait = office.account_throttle.take(login, now);
  if (wait) office.address_throttle.give_back(address);
  return wait;
}

void sign_in(const Office& office, const Request& request, Responder responder) {
  // What a form of another site sends is no JSON, so nobody is signed in behind his back.
  if (!request.header("Content-Type").value_or("").starts_with("application/json"))
    return responder.send(problem(415, "unsupported_media_type", "the body must be application/json"));
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  auto login = text_field(*body, "login");
  if (!login) return responder.fail(login.error());
  auto password = text_field(*body, "password");
  if (!password) return responder.fail(password.error());
  const std::string address(client_address(request));
  // Far longer than any login: not worth a place in a table.
  if (login->size() > 64 || password->size() > 256)
    return responder.send(problem(401, "wrong_password", "login or password is wrong"));
  if (const auto wait = take_attempt(office, *login, address)) return responder.send(too_often(*wait));
  const auto account = office.accounts.find(*login);
  const auto shared = std::make_shared<Responder>(std::move(responder));
  const bool known = may_sign_in(office, account);
  const bool taken = office.hasher.verify(
      known ? account->password : std::string(), std::move(*password), office.control,
      [&office, shared, account, address](bool right) {
        // It may have been closed, or given another password, while we looked.
        const bool still = account && office.accounts.find(account->login) == account;
        if (!right || !still)
          return shared->send(problem(401, "wrong_password", "login or password is wrong"));
        office.account_throttle.give_back(account->login);
        office.address_throttle.give_back(address);
        shared->send(begun(office, *account));
      });
  if (taken) return;
  office.account_throttle.give_back(*login);
  office.address_throttle.give_back(address);
  shared->send(too_often(std::chrono::seconds(2)));
}

void sign_out(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& /*request*/,
              Responder responder) {
  office.sessions.end(visitor.session);
  Response response;
  response.status = 204;
  response.headers = {{"Cache-Control", "no-store"}, {"Set-Cookie", clear_session_cookie(office.secure)}};
  responder.send(std::move(response));
}

void save_password(const Office& office, const std::string& login, const std::string& encoded,
                   const std::shared_ptr<Responder>& responder) {
  office.people.change(
      [&office, login, encoded](people::Registry&, school::store::Store& store) -> Result<void> {
        auto saved = office.accounts.set_password(store, login, encoded);
        if (!saved) return std::move(saved).error();
        return {};
      },
      office.control,
      [&office, login, responder](const Result<void>& saved) {
        if (!saved) return responder->fail(saved.error());
        office.sessions.end_all(login);
        const auto account = office.accounts.find(login);
        account ? responder->send(begun(office, *account)) : responder->fail(nothing_here());
      });
}

/// The old password once more, then the new one; every session but this answer's ends.
void change_password(const Office& office, const Visitor& visitor,
                     const std::shared_ptr<const Request>& request, Responder responder) {
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  auto old = text_field(*body, "old");
  if (!old) return responder.fail(old.error());
  auto fresh = text_field(*body, "new");
  if (!fresh) return responder.fail(fresh.error());
  const auto account = office.accounts.find(visitor.name);
  if (!account) return responder.fail(nothing_here());
  if (const auto fine = accounts::check_password(visitor.name, *fresh); !fine)
    return responder.fail(fine.error());
  const std::string address(client_address(*request));
  if (const auto wait = take_attempt(office, visitor.name, address)) return responder.send(too_often(*wait));
  const auto shared = std::make_shared<Responder>(std::move(responder));
  const auto hash = [&office, shared, login = visitor.name, fresh = *fresh] {
    if (!office.hasher.hash(fresh, office.control, [&office, login, shared](const std::string& encoded) {
          save_password(office, login, encoded, shared);
        }))
      shared->send(too_often(std::chrono::seconds(2)));
  };
  const auto checked = [&office, shared, hash, login = visitor.name, address](bool right) {
    if (!right) return shared->send(problem(401, "wrong_password", "the old password is wrong"));
    office.account_throttle.give_back(login);
    office.address_throttle.give_back(address);
    hash();
  };
  if (!office.hasher.verify(account->password, std::move(*old), office.control, checked))
    shared->send(too_often(std::chrono::seconds(2)));
}

void show(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& /*request*/,
          Responder responder) {
  responder.send(json_response(session_json(office, visitor)));
}

}  // namespace

void add_session_routes(Server& server, const Office& office) {
  server.route("POST", "/api/v1/session", Where::worker, [&office](const auto& request, Responder responder) {
    sign_in(office, *request, std::move(responder));
  });
  add_staff_routes(server, office, Where::worker,
                   {{"GET", "/api/v1/session", show},
                    {"DELETE", "/api/v1/session", sign_out},
                    {"PUT", "/api/v1/session/password", change_password}});
}

}  // namespace tongke::relay::http::api
