#pragma once

#include <array>
#include <cstdint>
#include <functional>
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

/// Seats from here on are the roster's: kRosterSeats + a row number, the pupil's (a guardian's link
/// for a lesson has its child's), or the member of staff's. Those below are counted links that
/// stand for nobody in particular.
inline constexpr std::uint32_t kRosterSeats = 0x80000000U;

/// What a television is given has this before the id of its lesson, or alone: a link to a channel. It
/// is none of the letters that ids are made of.
inline constexpr char kChannelMark = '@';

/// What a personal link says, and nothing about the person: roster and names stay in the store.
struct Token {
  Role role = Role::pupil;
  std::string lesson;      ///< id, at most 32 characters
  std::uint32_t seat = 0;  ///< which of the links made for this lesson and role
  /// Which of the bearer's links it is: renewing them withdraws those of lower versions.
  std::uint16_t version = 0;
  base::WallTime expires{};

  friend bool operator==(const Token&, const Token&) = default;
};

[[nodiscard]] inline bool is_channel(const Token& token) noexcept {
  return !token.lesson.empty() && token.lesson.front() == kChannelMark;
}
/// The lesson's id, whoever the link is for; empty where it is for none.
[[nodiscard]] inline std::string_view lesson_of(const Token& token) noexcept {
  return std::string_view(token.lesson).substr(is_channel(token) ? 1 : 0);
}

/// Makes and checks personal links: claims and a truncated HMAC-SHA256, URL-safe, about 55
/// characters. Checking needs no store, so every worker does it on its own.
///
/// A link without a lesson is a person's own: a pupil's, a member of staff's, or (guardian, with
/// the home's row as seat) a family's. It opens no lesson by itself; it is exchanged for links
/// that do.
///
/// A link to a channel (its lesson is kChannelMark alone) opens nothing but the channel: what plays there
/// has links of its own. For a school's screens, which are nobody's, those are passes: they open a lesson's
/// media, and no page, room or roster.
class TokenSigner {
 public:
  explicit TokenSigner(std::vector<std::uint8_t> secret) : secret_(std::move(secret)) {}

  /// From now on `withdrawn` links are none. Before others use this.
  /// @param withdrawn  called on every thread that checks, for every good signature; no waiting
  void refuse(std::function<bool(const Token&)> withdrawn) { withdrawn_ = std::move(withdrawn); }

  [[nodiscard]] std::string issue(const Token& token) const;

  /// nullopt for anything not issued with this secret, expired at `now`, withdrawn, or not for a
  /// lesson; callers answer all of it as "not found".  @thread any; about 2 µs
  [[nodiscard]] std::optional<Token> verify(std::string_view text, base::WallTime now) const;
  /// The same for a person's own link.  @thread any
  [[nodiscard]] std::optional<Token> verify_own(std::string_view text, base::WallTime now) const;
  /// The same for a link to a channel.  @thread any
  [[nodiscard]] std::optional<Token> verify_channel(std::string_view text, base::WallTime now) const;
  /// The same for a screen's pass to one lesson; its `lesson` comes without the mark.  @thread any
  [[nodiscard]] std::optional<Token> verify_pass(std::string_view text, base::WallTime now) const;
  /// Whether a link that was good is no more.  @thread any
  [[nodiscard]] bool withdrawn(const Token& token) const { return withdrawn_ && withdrawn_(token); }

 private:
  [[nodiscard]] std::optional<Token> check(std::string_view text, base::WallTime now) const;

  std::function<bool(const Token&)> withdrawn_;
  std::vector<std::uint8_t> secret_;
};

}  // namespace tongke::school
