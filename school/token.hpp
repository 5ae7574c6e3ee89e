#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace tongke::school {

/// Who a link was made for.
enum class Role : std::uint8_t { pupil = 0, guardian, lead, teacher, office, technician, inspector };
inline constexpr std::size_t kRoleCount = 7;

[[nodiscard]] std::string_view to_string(Role role) noexcept;
[[nodiscard]] std::optional<Role> role_from(std::string_view name) noexcept;

/// Seats from here on are the roster's: kRosterSeats + the pupil's row number. Those below are
/// counted links that stand for nobody in particular.
inline constexpr std::uint32_t kRosterSeats = 0x80000000U;

/// What a personal link says, and nothing about the person: roster and names stay in the store.
struct Token {
  Role role = Role::pupil;
  std::string lesson;      ///< id, at most 32 characters
  std::uint32_t seat = 0;  ///< which of the links made for this lesson and role
  base::WallTime expires{};

  friend bool operator==(const Token&, const Token&) = default;
};

/// Makes and checks personal links: claims and a truncated HMAC-SHA256, URL-safe, about 55
/// characters. Checking needs no store and no lock, so every worker does it on its own.
class TokenSigner {
 public:
  explicit TokenSigner(std::vector<std::uint8_t> secret) : secret_(std::move(secret)) {}

  [[nodiscard]] std::string issue(const Token& token) const;

  /// nullopt for anything not issued with this secret, or expired at `now`; callers answer
  /// both as "not found".  @thread any; about 2 µs
  [[nodiscard]] std::optional<Token> verify(std::string_view text, base::WallTime now) const;

 private:
  std::vector<std::uint8_t> secret_;
};

}  // namespace tongke::school
