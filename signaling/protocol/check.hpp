#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Quick checks: a few questions in one frame. No bank, no marks, no ranking.
/// @source requirements RM-6
namespace tongke::signaling::protocol {

inline constexpr std::size_t kMaxItems = 5;
inline constexpr std::size_t kMaxOptions = 6;

/// `truth` has two answers: 0 is "right", 1 is "wrong".
enum class Ask : std::uint8_t { single = 0, multi, truth, number };
inline constexpr std::size_t kAskCount = 4;
[[nodiscard]] std::string_view to_string(Ask kind) noexcept;

/// What somebody answers: options, or a number.
struct Reply {
  std::uint8_t choices = 0;  ///< bits, by option
  std::string number;        ///< as tidy_number() writes it; empty = no number
  friend bool operator==(const Reply&, const Reply&) = default;
};

struct CheckItem {
  Ask kind = Ask::single;
  std::string text;
  std::vector<std::string> options;  ///< of single and multi: 2 to kMaxOptions
  std::optional<Reply> right;
  friend bool operator==(const CheckItem&, const CheckItem&) = default;
};

/// How many options a question has to choose from; 0 when it asks for a number.
[[nodiscard]] std::size_t option_count(const CheckItem& item) noexcept;
/// Whether `reply` answers such a question: one option, some options, or a number.
[[nodiscard]] bool answers(const Reply& reply, const CheckItem& item) noexcept;

/// A decimal number in its shortest spelling, so that equal numbers are equal texts:
/// "-007.50" is "-7.5". nullopt for anything but [-]digits[.digits], at most 9 and 6 of them.
[[nodiscard]] std::optional<std::string> tidy_number(std::string_view text);

}  // namespace tongke::signaling::protocol
