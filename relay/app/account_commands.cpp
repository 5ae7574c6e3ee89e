#include "relay/app/account_commands.hpp"

#include "school/clean_text.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace accounts = school::accounts;
namespace people = school::people;

constexpr std::size_t kLongestName = 60;

std::string text_of(const json& arguments, const char* name) {
  const auto value = arguments.find(name);
  return value != arguments.end() && value->is_string() ? value->get<std::string>() : std::string();
}

json describe(const people::Directory& people, const accounts::Account& account) {
  const people::Staff* staff = people.find(account.staff);
  const people::School* school = staff ? people.find(staff->school) : nullptr;
  json duties = json::array();
  for (std::uint16_t bit = 1; staff && bit < people::kAllDuties;
       bit = static_cast<std::uint16_t>(bit << 1U)) {
    if (staff->has(people::Duty{bit})) duties.push_back(to_string(people::Duty{bit}));
  }
  return {{"login", account.login},
          {"name", staff ? json(staff->name) : json(nullptr)},
          {"school", school ? json(school->name) : json(nullptr)},
          {"duties", std::move(duties)},
          {"disabled", account.disabled}};
}

/// Whom the roster has by this number or, where it is one person's alone, by this name; nullptr
/// for nobody yet.  @errors conflict: several people of that name
Result<const people::Staff*> known_person(const people::Directory& people, people::SchoolId at,
                                          const std::string& name) {
  if (const people::Staff* numbered = people.staff_numbered(at, name)) return numbered;
  const people::Staff* found = nullptr;
  for (const people::Staff& staff : people.staff()) {
    if (!staff.id || staff.school != at || staff.name != name) continue;
    if (found) return Error{Errc::conflict, "several people of that name: give the staff number", "name"};
    found = &staff;
  }
  return found;
}

/// The person the account is for, as the roster has them, or new.
Result<people::Staff> person_for(const people::Directory& people, const json& arguments) {
  const std::string name = text_of(arguments, "name");
  if (name.empty() || name.size() > kLongestName || !school::is_clean_text(name))
    return Error{Errc::invalid, "the person's name or staff number", "name"};
  const std::string school_name = text_of(arguments, "school");
  const people::School* school = school_name.empty() ? nullptr : people.school_named(school_name);
  if (!school_name.empty() && !school) return Error{Errc::not_found, "no such school", "school"};
  const people::SchoolId at = school ? school->id : people::SchoolId();
  const auto known = known_person(people, at, name);
  if (!known) return std::move(known).error();
  people::Staff staff = *known ? **known
                               : people::Staff{.id = {people.next_staff()},
                                               .public_id = people::PublicId::make(),
                                               .school = at,
                                               .number = {},
                                               .name = name,
                                               .teaching = {},
                                               .leads = {}};
  if (const std::string duty_name = text_of(arguments, "duty"); !duty_name.empty()) {
    const auto duty = people::duty_from(duty_name);
    if (!duty) return Error{Errc::invalid, "unknown duty \"" + duty_name + "\"", "duty"};
    const bool of_school = duty == people::Duty::school_office || duty == people::Duty::principal;
    if (of_school != (school != nullptr) && (of_school || duty == people::Duty::district_office)) {
      return Error{Errc::invalid, "a school's office has a school, the district's has none", "school"};
    }
    staff.duties = static_cast<std::uint16_t>(staff.duties | people::with_what_comes(*duty));
  }
  if (staff.standing != people::Standing::active) return Error{Errc::conflict, "has left", "name"};
  return staff;
}

Result<json> create(people::Registry& registry, school::store::Store& store, accounts::Accounts& all,
                    const json& arguments) {
  const std::string login = text_of(arguments, "login");
  if (all.find(login)) return Error{Errc::conflict, "there is an account of this name", "login"};
  auto staff = person_for(*registry.current(), arguments);
  if (!staff) return std::move(staff).error();
  const people::Staff* known = registry.current()->find(staff->id);
  if (!known || !(*known == *staff)) {
    people::Changes changes;
    changes.staff = {*staff};
    if (auto done = registry.commit(store, changes); !done) return std::move(done).error();
  }
  const auto account = all.create(store, login, staff->id, text_of(arguments, "password"));
  if (!account) return Error(account.error());
  return describe(*registry.current(), *account);
}

}  // namespace

Result<json> run_account_command(people::Registry& registry, school::store::Store& store,
                                 accounts::Accounts& all, const std::string& command, const json& arguments) {
  if (command == "account.list") {
    json list = json::array();
    for (const auto& account : all.list()) list.push_back(describe(*registry.current(), account));
    return list;
  }
  if (command == "account.create") return create(registry, store, all, arguments);
  const std::string login = text_of(arguments, "login");
  Result<accounts::Account> changed = Error{Errc::invalid, "unknown command", "command"};
  if (command == "account.password") {
    changed = all.set_password(store, login, text_of(arguments, "password"));
  } else if (command == "account.disable") {
    changed = all.set_disabled(store, login, arguments.value("disabled", json(true)) == json(true));
  }
  if (!changed) return std::move(changed).error();
  return describe(*registry.current(), *changed);
}

}  // namespace tongke::relay::app
