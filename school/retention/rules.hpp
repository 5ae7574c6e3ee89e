#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "school/timetable/when.hpp"

/// How long what is kept of lessons is kept (§6, PR-5), and the proof that it is gone after that.
namespace tongke::school::retention {

enum class Kind : std::uint8_t {
  media,       ///< recordings, with everything made of them
  presence,    ///< attendance
  help,        ///< notes and help threads
  air,         ///< minutes on air by room: no person is in them
  answers,     ///< to checks: gone with the term
  access,      ///< the access log
  spot_check,  ///< what an inspector signed, with its stills; begun and never signed too
  feedback,    ///< families' words on a week, but for tickets that wait still; as long as help threads
};
inline constexpr std::size_t kKindCount = 8;
[[nodiscard]] std::string_view to_string(Kind kind) noexcept;

/// The district's terms.
struct Rules {
  std::chrono::milliseconds media{std::chrono::hours(24 * 30)};
  /// Recordings of graduation grades stay to the end of this day at least.
  std::optional<timetable::Date> graduation_until;
  timetable::Date term_end{};
  std::chrono::milliseconds presence_after_term{std::chrono::hours(24 * 30)};
  std::chrono::milliseconds help{std::chrono::hours(24 * 30)};
  std::chrono::milliseconds access{std::chrono::hours(24 * 180)};
  std::chrono::milliseconds spot_checks{std::chrono::hours(24 * 180)};
  timetable::Zone zone;
};

/// What decides about a lesson.
struct Facts {
  base::WallTime last{};  ///< its end, or when something was last written of it; of a spot check, its signing
  bool graduation = false;  ///< a class of grade 9 or 12 is in it
  bool held = false;
};

/// A recording that is there, and when its time is over.
struct Kept {
  std::string lesson = {};
  base::WallTime due{};
  bool held = false;
};

/// When the time of this kind is over: the first moment at which it must go. A lesson after the
/// term's end counts to the next term, whose end is not known yet: its attendance stays.
[[nodiscard]] std::optional<base::WallTime> due_at(Kind kind, const Facts& facts, const Rules& rules);
/// The first moment, from `at` on, at which the district's clocks show `time`.
[[nodiscard]] base::WallTime next_at(timetable::Minutes time, base::WallTime at, timetable::Zone zone);
/// Whether it must go now; held lessons never.
[[nodiscard]] bool is_due(Kind kind, const Facts& facts, const Rules& rules, base::WallTime now);

}  // namespace tongke::school::retention
