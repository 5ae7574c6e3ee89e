#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tongke::school {

/// Televisions that show a lesson for a family: the screen shows six digits, the phone that holds
/// the link says them. In memory: after a restart a television shows other digits.
/// @source requirements TV-1, A4   @thread one at a time
class Televisions {
 public:
  using Now = base::Steady::time_point;
  static constexpr std::size_t kMost = 2048;
  static constexpr std::chrono::minutes kCodeLasts{10};
  /// A television asks every few seconds; one that does not was switched off.
  static constexpr std::chrono::seconds kSilent{30};
  /// Wrong digits a link may say within kCodeLasts.
  static constexpr unsigned kTries = 10;

  struct Shown {
    std::string code;  ///< six digits, for people; used up by the first pairing
    std::string key;   ///< unguessable; the television's own
  };
  /// A television that waits.  @errors overload: kMost are on
  [[nodiscard]] base::Result<Shown> show(Now now);
  /// The link it is to show; empty while nobody has said its digits.
  /// @errors not_found: let go, or its digits are too old; it should show others
  [[nodiscard]] base::Result<std::string> link_of(std::string_view key, Now now);

  /// Puts the lesson of `link` on the television with these digits; another one that `holder` had stops.
  /// @param holder  whose link it is: the same for all lessons of a pupil, who has one television
  /// @errors not_found, overload: kTries wrong ones
  [[nodiscard]] base::Result<void> pair(const std::string& holder, const std::string& link,
                                        std::string_view code, Now now);
  [[nodiscard]] bool is_paired(const std::string& holder, Now now);
  /// The holder's television stops as soon as it asks.
  void unpair(const std::string& holder);

 private:
  struct Screen {
    std::string code;
    std::string holder;
    std::string link;
    Now shown{};
    Now asked{};
  };
  struct Tries {
    unsigned wrong = 0;
    Now since{};
  };
  [[nodiscard]] static bool is_over(const Screen& screen, Now now);
  void forget(std::map<std::string, Screen, std::less<>>::iterator screen);
  void prune(Now now);
  [[nodiscard]] std::string fresh_code() const;

  std::map<std::string, Screen, std::less<>> screens_;         ///< by key
  std::map<std::string, std::string, std::less<>> by_code_;    ///< key of each that waits
  std::map<std::string, std::string, std::less<>> by_holder_;  ///< key of each that shows something
  std::map<std::string, Tries, std::less<>> tries_;            ///< by holder; bounded like screens_
};

}  // namespace tongke::school
