#include <algorithm>
#include <charconv>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_json.hpp"
#include "school/accounts/password.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
namespace accounts = school::accounts;
namespace people = school::people;

json duties_json(std::uint16_t duties) {
  json list = json::array();
  for (std::uint16_t bit = 1; bit < people::kAllDuties; bit = static_cast<std::uint16_t>(bit << 1U))
    if ((duties & bit) != 0) list.push_back(to_string(people::Duty{bit}));
  return list;
}

json account_json(const people::Directory& district, const accounts::Account& account) {
  const people::Staff* staff = district.find(account.staff);
  return {{"login", account.login},
          {"staff", brief_json(staff)},
          {"school", brief_json(staff ? district.find(staff->school) : nullptr)},
          {"duties", duties_json(staff ? staff->duties : std::uint16_t{0})},
          {"disabled", account.disabled},
          {"created_at", account.created.time_since_epoch().count()},
          {"changed_at", account.changed.time_since_epoch().count()}};
}

bool manages(const Visitor& visitor, people::StaffId id) {
  const people::Staff* staff = visitor.people->find(id);
  return staff && school::may_manage_account(*visitor.people, visitor.asker, *staff);
}

/// The account of the address, where the visitor manages it.
std::optional<accounts::Account> account_of(const Office& office, const Visitor& visitor,
                                            const Request& request) {
  auto account = office.accounts.find(request.param("login"));
  return account && manages(visitor, account->staff) ? account : std::nullopt;
}

void list(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
          Responder responder) {
  const auto page = page_of(*request);
  if (!page) return responder.fail(page.error());
  if (!school::may_somewhere(*visitor.people, visitor.asker, Act::manage_accounts))
    return responder.fail(nothing_here());
  auto all = office.accounts.list();
  std::erase_if(all, [&](const accounts::Account& one) { return !manages(visitor, one.staff); });
  // The cursor counts what was passed over.
  const std::size_t first = std::min<std::size_t>(page->after, all.size());
  const std::size_t last = std::min(first + page->limit, all.size());
  json items = json::array();
  for (std::size_t i = first; i < last; ++i) items.push_back(account_json(*visitor.people, all[i]));
  const json next = last < all.size() ? json(std::to_string(last)) : json(nullptr);
  responder.send(json_response({{"items", std::move(items)}, {"next", next}}));
}

school::Access noted(const Visitor& visitor, people::StaffId about, Act act) {
  const people::Staff* staff = visitor.people->find(about);
  return {.at = base::wall_now(),
          .staff = visitor.asker.staff,
          .act = std::string(to_string(act)),
          .school = staff ? staff->school : people::SchoolId()};
}

using Change = std::function<Result<accounts::Account>(school::store::Store&)>;

/// Does it on the store thread, notes who did, and answers with the account.
void change(const Office& office, const school::Access& entry, Change work,
            const std::shared_ptr<Responder>& responder, const std::string& password, int status) {
  const auto changed = std::make_shared<accounts::Account>();
  office.people.change(
      [&office, work = std::move(work), entry, changed](people::Registry&,
                                                        school::store::Store& store) -> Result<void> {
        auto done = work(store);
        if (!done) return std::move(done).error();
        *changed = std::move(*done);
        return office.access_log.note(store, entry);
      },
      office.control,
      [&office, changed, responder, password, status](const Result<void>& done) {
        if (!done) return responder->fail(done.error());
        // Whoever is signed in with what was right before is signed out.
        if (changed->disabled || !password.empty()) office.sessions.end_all(changed->login);
        json said = account_json(*office.people.current(), *changed);
        if (!password.empty()) said["password"] = password;
        responder->send(json_response(said, status));
      });
}

/// Makes a password to hand over, and `use`s it, hashed.
void with_password(const Office& office, const std::shared_ptr<Responder>& responder,
                   const std::function<void(const std::string& plain, std::string hashed)>& use) {
  const std::string plain = accounts::make_password();
  if (!office.hasher.hash(plain, office.control,
                          [use, plain](std::string hashed) { use(plain, std::move(hashed)); }))
    responder->fail({Errc::overload, "too many passwords are being made"});
}

/// For somebody on the roster: {"staff", "login"}. The password is said once, to be handed over.
void create(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
            Responder responder) {
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto login = text_field(*body, "login");
  if (!login) return responder.fail(login.error());
  const auto named = text_field(*body, "staff");
  if (!named) return responder.fail(named.error());
  const auto id = people::PublicId::parse(*named);
  const people::Staff* staff = id ? visitor.people->staff(*id) : nullptr;
  if (!staff || !manages(visitor, staff->id)) return responder.fail(nothing_here());
  if (staff->standing != people::Standing::active)
    return responder.fail({Errc::conflict, "has left", "staff"});
  const auto shared = std::make_shared<Responder>(std::move(responder));
  with_password(office, shared,
                [&office, shared, login = *login, staff = staff->id,
                 entry = noted(visitor, staff->id, Act::manage_accounts)](const std::string& plain,
                                                                          std::string hashed) {
                  change(
                      office, entry,
                      [&office, login, staff, hashed = std::move(hashed)](school::store::Store& store) {
                        return office.accounts.create(store, login, staff, hashed);
                      },
                      shared, plain, 201);
                });
}

void reset_password(const Office& office, const Visitor& visitor,
                    const std::shared_ptr<const Request>& request, Responder responder) {
  const auto account = account_of(office, visitor, *request);
  if (!account) return responder.fail(nothing_here());
  const auto shared = std::make_shared<Responder>(std::move(responder));
  with_password(
      office, shared,
      [&office, shared, login = account->login, entry = noted(visitor, account->staff, Act::manage_accounts)](
          const std::string& plain, std::string hashed) {
        change(
            office, entry,
            [&office, login, hashed = std::move(hashed)](school::store::Store& store) {
              return office.accounts.set_password(store, login, hashed);
            },
            shared, plain, 200);
      });
}

/// {"disabled"}
void set_disabled(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
                  Responder responder) {
  const auto account = account_of(office, visitor, *request);
  if (!account) return responder.fail(nothing_here());
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto value = body->find("disabled");
  if (value == body->end() || !value->is_boolean())
    return responder.fail({Errc::invalid, "true or false", "disabled"});
  if (account->login == visitor.name)
    return responder.fail({Errc::conflict, "your own account is somebody else's to close", "login"});
  change(
      office, noted(visitor, account->staff, Act::manage_accounts),
      [&office, login = account->login, disabled = value->get<bool>()](school::store::Store& store) {
        return office.accounts.set_disabled(store, login, disabled);
      },
      std::make_shared<Responder>(std::move(responder)), "", 200);
}

Result<std::uint16_t> duties_in(const json& body) {
  const auto value = body.find("duties");
  if (value == body.end() || !value->is_array()) return Error{Errc::invalid, "a list", "duties"};
  std::uint16_t duties = 0;
  for (const json& one : *value) {
    const auto duty = one.is_string() ? people::duty_from(one.get<std::string>()) : std::nullopt;
    if (!duty) return Error{Errc::invalid, "no such duty", "duties"};
    duties = static_cast<std::uint16_t>(duties | people::with_what_comes(*duty));
  }
  return duties;
}

/// What somebody is beside what he teaches: {"duties":["school_office"]}.
void set_duties(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
                Responder responder) {
  const auto id = people::PublicId::parse(request->param("staff"));
  const people::Staff* staff = id ? visitor.people->staff(*id) : nullptr;
  if (!staff || !manages(visitor, staff->id)) return responder.fail(nothing_here());
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto duties = duties_in(*body);
  if (!duties) return responder.fail(duties.error());
  if (staff->id == visitor.asker.staff)
    return responder.fail({Errc::conflict, "your own duties are somebody else's to change", "duties"});
  if (!school::may_give(*visitor.people, visitor.asker, *staff, *duties))
    return responder.fail({Errc::invalid, "not yours to give, or not to somebody there", "duties"});
  const auto shared = std::make_shared<Responder>(std::move(responder));
  office.people.change(
      [&office, id = staff->id, duties = *duties, entry = noted(visitor, staff->id, Act::manage_accounts)](
          people::Registry& registry, school::store::Store& store) -> Result<void> {
        const people::Staff* now = registry.current()->find(id);
        if (!now) return nothing_here();
        people::Changes changes;
        changes.staff = {*now};
        changes.staff.front().duties = duties;
        if (auto saved = registry.commit(store, changes); !saved) return std::move(saved).error();
        return office.access_log.note(store, entry);
      },
      office.control,
      [&office, shared, id = staff->id](const Result<void>& done) {
        if (!done) return shared->fail(done.error());
        const auto now = office.people.current();
        const people::Staff* row = now->find(id);
        json said = brief_json(row);
        said["duties"] = duties_json(row ? row->duties : std::uint16_t{0});
        shared->send(json_response(said));
      });
}

}  // namespace

void add_account_routes(Server& server, const Office& office) {
  add_staff_routes(server, office, Where::worker,
                   {{"GET", "/api/v1/accounts", list},
                    {"POST", "/api/v1/accounts", create},
                    {"PATCH", "/api/v1/accounts/{login}", set_disabled},
                    {"POST", "/api/v1/accounts/{login}/password", reset_password},
                    {"PUT", "/api/v1/staff/{staff}/duties", set_duties}});
}

}  // namespace tongke::relay::http::api
