#include "school/store/account_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {

base::Result<std::vector<accounts::Account>> load_accounts(Store& store) {
  return guarded("reading accounts", [&]() -> base::Result<std::vector<accounts::Account>> {
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
                              .created = wall(created),
                              .changed = wall(changed)});
        });
    return accounts;
  });
}

base::Result<void> save_account(Store& store, const accounts::Account& account) {
  return guarded("saving an account", [&]() -> base::Result<void> {
    Prepared<int, std::string, int, std::string, int, long long, long long> save(
        store.session(),
        "INSERT INTO account (id, login, staff_id, password, disabled, created_ms, changed_ms)"
        " VALUES (:id, :login, :staff, :password, :disabled, :created, :changed)"
        " ON CONFLICT (id) DO UPDATE SET password = excluded.password, disabled = excluded.disabled,"
        " changed_ms = excluded.changed_ms");
    save(static_cast<int>(account.id), account.login, static_cast<int>(account.staff.value), account.password,
         account.disabled ? 1 : 0, ms(account.created), ms(account.changed));
    return {};
  });
}

}  // namespace tongke::school::store
