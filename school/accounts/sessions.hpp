#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "school/people/ids.hpp"

namespace tongke::school::accounts {

/// Who is signed in. In memory only: after a restart people sign in again.  @thread any
class Sessions {
 public:
  static constexpr std::chrono::hours kIdle{2};
  static constexpr std::chrono::hours kLongest{12};
  static constexpr std::size_t kMostOfOne = 8;  ///< of an account; the oldest gives way
  static constexpr std::size_t kMost = 20'000;

  struct Session {
    std::string login;
    people::StaffId staff = {};
    base::Steady::time_point begun{};
    base::Steady::time_point seen{};
  };

  Sessions();

  /// A new session's token: 256 bits that nothing else holds.
  [[nodiscard]] std::string begin(const std::string& login, people::StaffId staff,
                                  base::Steady::time_point now);
  /// nullopt for an unknown, ended or forgotten one; a known one has been seen now.
  [[nodiscard]] std::optional<Session> find(std::string_view token, base::Steady::time_point now);
  void end(std::string_view token);
  /// Of an account whose password changed or that was closed.
  void end_all(std::string_view login);

  /// What pages must send along with every change, so that another site cannot make the
  /// browser do it: follows from the token, and cannot be turned back into it.
  [[nodiscard]] std::string csrf(std::string_view token) const;

 private:
  using All = std::map<std::string, Session, std::less<>>;  // by a keyed hash of the token
  [[nodiscard]] std::string name(std::string_view token, std::string_view purpose) const;
  static void make_room(All& all, const std::string& login, base::Steady::time_point now);

  std::vector<std::uint8_t> key_;
  base::Guarded<All> all_;
};

}  // namespace tongke::school::accounts
