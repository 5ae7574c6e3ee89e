#include "school/accounts/password.hpp"

#include <argon2.h>

#include <array>
#include <cstdlib>

#include "school/crypto.hpp"

namespace tongke::school::accounts {
namespace {

// OWASP's floor is 19 MiB and 2 passes; this is about 80 ms on a small server.
constexpr std::uint32_t kPasses = 3;
constexpr std::uint32_t kMemoryKib = 32 * 1024;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

constexpr std::size_t kFewestBytes = 10;
constexpr std::size_t kMostBytes = 128;

}  // namespace

std::string hash_password(std::string_view password) {
  const auto salt = crypto::random_bytes(kSaltBytes);
  std::array<char, 256> encoded{};
  const int failed =
      argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(), salt.data(),
                            salt.size(), kHashBytes, encoded.data(), encoded.size());
  // Out of memory is all that is left to go wrong.
  if (failed != ARGON2_OK) std::abort();
  return encoded.data();
}

bool verify_password(std::string_view encoded, std::string_view password) {
  static const std::string nobody = hash_password(crypto::readable_id(26));
  const std::string known(encoded.empty() ? std::string_view(nobody) : encoded);
  const bool matches = argon2id_verify(known.c_str(), password.data(), password.size()) == ARGON2_OK;
  return matches && !encoded.empty();
}

std::string make_password() {
  std::string password = crypto::readable_id(16);
  for (const std::size_t at : {12U, 8U, 4U}) password.insert(at, "-");
  return password;
}

base::Result<void> check_password(std::string_view login, std::string_view password) {
  if (password.size() >= kFewestBytes && password.size() <= kMostBytes && password != login) return {};
  return base::Error{base::Errc::invalid, "a password has 10 to 128 bytes and is not the login", "password"};
}

}  // namespace tongke::school::accounts
