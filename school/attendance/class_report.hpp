#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "school/attendance/obligation.hpp"
#include "school/exchange/sheet.hpp"
#include "school/lessons.hpp"
#include "school/people/directory.hpp"
#include "school/rooms.hpp"

namespace tongke::school::attendance {

/// A pupil and a lesson that expected him.
struct PupilReport {
  people::PupilId pupil = {};
  RoomId room = {};
  State state = State::unresolved;
  bool absent = false;  ///< not seen, not declared: worth a call
  Declared declared = Declared::nothing;
  std::chrono::minutes attended{0};
  std::chrono::minutes replayed{0};  ///< of the lesson, each once
  std::optional<Interval> seen;      ///< first to last
  std::optional<Contact> contact;
};

/// An original class in a lesson: whole again, whatever rooms its pupils sat in (A18). Whom the
/// lesson has no room for, it did not expect. The counts add up to the pupils, always.
struct ClassReport {
  people::ClassId original_class = {};
  StateCounts counts{};
  std::uint32_t absent = 0;
  std::vector<PupilReport> pupils;  ///< in the roster's order
};

/// How long after a lesson's beginning somebody who is unresolved still is late to be.  @source A5
inline constexpr std::chrono::hours kOverdueAfter{2};
[[nodiscard]] bool is_overdue(const PupilReport& line, const Window& window, base::WallTime now) noexcept;

/// By what somebody was there last: the page (heartbeat), a television, or a player that is neither.
struct LastDevice {
  Evidence by = Evidence::media;
  base::WallTime at{};
  friend bool operator==(const LastDevice&, const LastDevice&) = default;
};
/// @param seat  null when nothing is known of him
[[nodiscard]] std::optional<LastDevice> last_device(const SeatRecord* seat);

/// From a lesson's first frame to its end, or to `now`; nothing before it began.
[[nodiscard]] Window window_of(const Lesson& lesson, base::WallTime now);

/// @param seat  null when nothing is known of him.  @thread any
[[nodiscard]] PupilReport report_of(const Place& place, const SeatRecord* seat, const Window& window);

/// Every class of a lesson. A lesson without rooms has none.  @thread any
[[nodiscard]] std::vector<ClassReport> report(const people::Directory& people, const Arrangement& lesson,
                                              const Ledger& ledger, const Window& window);

/// One line a pupil, with names: for spreadsheets.
/// @param utc_offset  of the times written
[[nodiscard]] exchange::Sheet sheet(const people::Directory& people, const ClassReport& report,
                                    Language language, std::chrono::minutes utc_offset);

}  // namespace tongke::school::attendance
