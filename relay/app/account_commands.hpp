#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "school/accounts/accounts.hpp"
#include "school/people/registry.hpp"

namespace tongke::relay::app {

[[nodiscard]] inline bool is_account_command(std::string_view command) {
  return command.starts_with("account.");
}

/// `tongke account …`: "account.create" {login, password, name, school, duty}, "account.password"
/// {login, password}, "account.disable" {login, disabled}, "account.list". Passwords come hashed.
/// A person who is not on the staff yet is put there.
/// @errors invalid (with the field), not_found, conflict, io     @thread the registry's
[[nodiscard]] base::Result<nlohmann::json> run_account_command(school::people::Registry& registry,
                                                               school::store::Store& store,
                                                               school::accounts::Accounts& accounts,
                                                               const std::string& command,
                                                               const nlohmann::json& arguments);

}  // namespace tongke::relay::app
