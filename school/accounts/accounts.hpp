#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "school/people/model.hpp"
#include "school/store/store.hpp"

namespace tongke::school::accounts {

/// A member of staff who may sign in. What the account may do follows from the person alone
/// (school/permissions).
struct Account {
  std::uint32_t id = 0;
  std::string login = {};
  people::StaffId staff = {};
  std::string password = {};  ///< argon2id, encoded
  bool disabled = false;
  base::WallTime created{};
  base::WallTime changed{};
  friend bool operator==(const Account&, const Account&) = default;
};

/// Everybody's account, kept in memory and written through to the store.
/// @thread reading: any. Changing: the store thread (server), main (commands without a server)
class Accounts {
 public:
  /// @errors io
  [[nodiscard]] base::Result<void> load(store::Store& store);

  [[nodiscard]] std::optional<Account> find(std::string_view login) const;
  /// By login.
  [[nodiscard]] std::vector<Account> list() const;

  /// @errors invalid (field "login": 2 to 40 of a-z 0-9 . _ -), conflict (taken), io
  [[nodiscard]] base::Result<Account> create(store::Store& store, const std::string& login,
                                             people::StaffId staff, std::string encoded_password);
  /// @errors not_found, io
  [[nodiscard]] base::Result<Account> set_password(store::Store& store, const std::string& login,
                                                   std::string encoded_password);
  [[nodiscard]] base::Result<Account> set_disabled(store::Store& store, const std::string& login,
                                                   bool disabled);

 private:
  using All = std::map<std::string, Account, std::less<>>;  // by login
  [[nodiscard]] base::Result<Account> save(store::Store& store, Account changed);

  base::Guarded<All> all_;
};

}  // namespace tongke::school::accounts
