#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "school/token.hpp"

namespace tongke::school::links {

/// Who a roster's link was made for. A guardian's link for one lesson sits on a child's seat,
/// the family's own link on the home's. A screen is a television that a school has hung up.
enum class Bearer : std::uint8_t { pupil = 0, home, staff, guardian_of, screen };

/// The links that no longer open anything. Immutable: a change is another one, which every
/// thread that checks links reads.
class Revocations {
 public:
  /// More than any link's version: none of the bearer's is good.
  static constexpr std::uint32_t kNone = 0x10000;

  /// Links of this bearer are good from version `least` on.
  void set_least(Bearer bearer, std::uint32_t row, std::uint32_t least);
  /// A counted link, of a lesson without a roster.
  void withdraw_seat(const std::string& lesson, std::uint32_t seat) { seats_.emplace(lesson, seat); }

  /// @thread any; well under a microsecond
  [[nodiscard]] bool withdrawn(const Token& token) const noexcept;

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> least_;  // by bearer and row
  std::set<std::pair<std::string, std::uint32_t>> seats_;   // by lesson
};
using RevocationSnapshot = std::shared_ptr<const Revocations>;

/// Whose link a token is; nullopt for counted ones.
[[nodiscard]] std::optional<std::pair<Bearer, std::uint32_t>> bearer_of(const Token& token) noexcept;

}  // namespace tongke::school::links
