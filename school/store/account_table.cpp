#include "school/store/account_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {

base::Result<std::vector<accounts::Account>> load_accounts(Store& store) {
  try {
    std::vector<accounts::Account> accounts;
    each_row<int, std::string, int, std::string, int, long long, long long>(
        store.session(),
        "SELECT id, login, staff_id, password, disabled, created_ms, changed_ms FROM account",
        [&](int id, const std::string& login, int staff, const std::string& password, int disabled,
            long long created, long long changed) {
          accounts.push_back({.id = static_cast<std::uint32_t>(id),
                              .login = login,
                              .staff = {static_cast<std::uint32_t>(staff)},
                              .password = password,
                              .disabled = disabled != 0,
                              .created = base::WallTime(std::chrono::milliseconds(created)),
                              .changed = base::WallTime(std::chrono::milliseconds(changed))});
        });
    return accounts;
  } catch (const std::exception& error) {
    return base::Error{base::Errc::io, std::string("reading accounts: ") + error.what()};
  }
}

base::Result<void> save_account(Store& store, const accounts::Account& account) {
  try {
    Prepared<int, std::string, int, std::string, int, long long, long long> save(
        store.session(),
        "INSERT INTO account (id, login, staff_id, password, disabled, created_ms, changed_ms)"
        " VALUES (:id, :login, :staff, :password, :disabled, :created, :changed)"
        " ON CONFLICT (id) DO UPDATE SET password = excluded.password, disabled = excluded.disabled,"
        " changed_ms = excluded.changed_ms");
    save(static_cast<int>(account.id), account.login, static_cast<int>(account.staff.value), account.password,
         account.disabled ? 1 : 0, account.created.time_since_epoch().count(),
         account.changed.time_since_epoch().count());
    return {};
  } catch (const std::exception& error) {
    return base::Error{base::Errc::io, std::string("saving an account: ") + error.what()};
  }
}

}  // namespace tongke::school::store
