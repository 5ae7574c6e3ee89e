#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "school/attendance/ledger.hpp"

namespace tongke::school::attendance {

/// What became of one pupil and one lesson. Exactly one of them, for every pupil on the
/// roster: their sum is the roster, always.
enum class State : std::uint8_t {
  live = 0,  ///< was there
  tv,        ///< was there by a television alone, or a teacher declared so
  late,      ///< saw the replay
  package,   ///< got the lesson on a stick
  excused,
  unresolved,  ///< somebody must call
};
inline constexpr std::size_t kStateCount = 6;
[[nodiscard]] std::string_view to_string(State state) noexcept;

struct Expected {
  std::uint32_t seat = 0;
  std::string label;
};
using Roster = std::span<const Expected>;

/// What was really seen comes before what was declared.
/// @param seat  null when nothing is known of him
/// @source requirements AT-2 (late: at least 80 % of the replay), AT-6 (declared TV)
[[nodiscard]] State state_of(const SeatRecord* seat, const Window& window);

using StateCounts = std::array<std::uint32_t, kStateCount>;
[[nodiscard]] StateCounts count(const Ledger& ledger, Roster roster, const Window& window);

/// How long after a lesson's beginning those not yet seen are worth a call.
inline constexpr std::chrono::minutes kAbsentAfter{10};

/// Who of the roster was not seen in the window and is not excused, in the roster's order;
/// empty before kAbsentAfter.  @source requirements AT-3
[[nodiscard]] std::vector<std::uint32_t> absent(const Ledger& ledger, Roster roster, const Window& window);

/// One line a pupil, RFC 4180, UTF-8 with a byte order mark so that Excel shows Chinese.
/// @param heading  the column names, already in the reader's language: seat, label, state,
///        declared, minutes, first seen, last seen, intervals
/// @param utc_offset  of the times written
[[nodiscard]] std::string csv(const Ledger& ledger, Roster roster, const Window& window,
                              std::span<const std::string> heading, std::chrono::minutes utc_offset);

}  // namespace tongke::school::attendance
