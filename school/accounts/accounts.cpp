#include "school/accounts/accounts.hpp"

#include <algorithm>

#include "school/store/account_table.hpp"

namespace tongke::school::accounts {
namespace {

using base::Errc;
using base::Error;
using base::Result;

bool is_login(std::string_view text) {
  return text.size() >= 2 && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
         });
}

}  // namespace

Result<void> Accounts::load(store::Store& store) {
  auto rows = store::load_accounts(store);
  if (!rows) return std::move(rows).error();
  all_.with([&](All& all) {
    all.clear();
    for (auto& row : *rows) all.emplace(row.login, std::move(row));
  });
  return {};
}

std::optional<Account> Accounts::find(std::string_view login) const {
  return all_.with([&](const All& all) -> std::optional<Account> {
    const auto found = all.find(login);
    if (found == all.end()) return std::nullopt;
    return found->second;
  });
}

std::vector<Account> Accounts::list() const {
  return all_.with([](const All& all) {
    std::vector<Account> list;
    for (const auto& [login, account] : all) list.push_back(account);
    return list;
  });
}

Result<Account> Accounts::create(store::Store& store, const std::string& login, people::StaffId staff,
                                 std::string encoded_password) {
  if (!is_login(login)) return Error{Errc::invalid, "2 to 40 of a-z, 0-9, '.', '_' and '-'", "login"};
  if (find(login)) return Error{Errc::conflict, "there is an account of this name", "login"};
  std::uint32_t last = 0;
  for (const Account& account : list()) last = std::max(last, account.id);
  const auto now = base::wall_now();
  return save(store, {.id = last + 1,
                      .login = login,
                      .staff = staff,
                      .password = std::move(encoded_password),
                      .created = now,
                      .changed = now});
}

Result<Account> Accounts::set_password(store::Store& store, const std::string& login,
                                       std::string encoded_password) {
  auto known = find(login);
  if (!known) return Error{Errc::not_found, "no such account", "login"};
  known->password = std::move(encoded_password);
  known->changed = base::wall_now();
  return save(store, std::move(*known));
}

Result<Account> Accounts::set_disabled(store::Store& store, const std::string& login, bool disabled) {
  auto known = find(login);
  if (!known) return Error{Errc::not_found, "no such account", "login"};
  known->disabled = disabled;
  known->changed = base::wall_now();
  return save(store, std::move(*known));
}

Result<Account> Accounts::save(store::Store& store, Account changed) {
  if (auto saved = store::save_account(store, changed); !saved) return std::move(saved).error();
  all_.with([&](All& all) { all.insert_or_assign(changed.login, changed); });
  return changed;
}

}  // namespace tongke::school::accounts
