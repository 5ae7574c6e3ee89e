#pragma once

#include <vector>

#include "base/result.hpp"
#include "school/accounts/accounts.hpp"

namespace tongke::school::store {

/// @errors io
[[nodiscard]] base::Result<std::vector<accounts::Account>> load_accounts(Store& store);
/// Inserts, or replaces the one with the same id.  @errors io
[[nodiscard]] base::Result<void> save_account(Store& store, const accounts::Account& account);

}  // namespace tongke::school::store
