#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

/// Passwords of office accounts; libargon2's border. Children have none.
namespace tongke::school::accounts {

/// argon2id with a fresh salt, as its encoded string.  @source RFC 9106
/// @thread a Hasher's, or main: takes a tenth of a second and 32 MiB
[[nodiscard]] std::string hash_password(std::string_view password);
/// @param encoded  by hash_password; "" never matches and takes as long
[[nodiscard]] bool verify_password(std::string_view encoded, std::string_view password);

/// A first password to hand over: 80 bits, easy to read out.
[[nodiscard]] std::string make_password();
/// @errors invalid (field "password"): shorter than 10 bytes, longer than 128, or the login
[[nodiscard]] base::Result<void> check_password(std::string_view login, std::string_view password);

}  // namespace tongke::school::accounts
