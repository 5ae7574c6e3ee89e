#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/people/directory.hpp"
#include "school/permissions.hpp"
#include "school/timetable/when.hpp"

/// What a family says of a week's lessons in three taps, and the ticket that follows when something
/// was wrong: it has an owner and a clock, and the family sees the answer. Pure.
/// @source requirements SP-6, S42, S43
namespace tongke::school::feedback {

enum class Mark : std::uint8_t { good = 0, poor };
enum class Pace : std::uint8_t { fits = 0, too_fast, too_long };
struct Taps {
  Mark picture = Mark::good;
  Mark sound = Mark::good;
  Pace pace = Pace::fits;
  friend bool operator==(const Taps&, const Taps&) = default;
};

/// Whose a ticket is. The school's office sees all of them.
enum class Desk : std::uint8_t { office = 0, homeroom, technician };

struct Ticket {
  Desk owner = Desk::office;
  base::WallTime due{};
  std::string answer = {};
  people::StaffId by = {};    ///< who answered
  base::WallTime answered{};  ///< the epoch: not yet
  base::WallTime closed{};    ///< the epoch: not yet

  enum class State : std::uint8_t { open, answered, closed };
  [[nodiscard]] State state() const noexcept;
  friend bool operator==(const Ticket&, const Ticket&) = default;
};
/// Nobody has answered, and the time for it is over.
[[nodiscard]] bool is_overdue(const Ticket& ticket, base::WallTime now) noexcept;

/// One family's word on one child's week. School and class are those of that week.
struct Feedback {
  std::string id = {};  ///< hard to guess
  people::PupilId pupil = {};
  people::SchoolId school = {};
  people::ClassId original_class = {};
  timetable::Week week = {};
  Taps taps = {};
  std::string text = {};  ///< may be empty
  base::WallTime said{};
  std::optional<Ticket> ticket = {};
  friend bool operator==(const Feedback&, const Feedback&) = default;
};
/// Of a text or an answer, in characters.
inline constexpr std::size_t kMaxText = 300;
/// @errors invalid (field `field`): longer than kMaxText, not on one line, or no UTF-8
[[nodiscard]] base::Result<void> check_text(std::string_view text, const char* field);

/// The desk for such trouble: picture and sound are the technician's, how a lesson goes and what was
/// written the homeroom teacher's, how long it takes the office's, which makes the timetable. What a
/// school has nobody for is the office's too. None: all is well, and nothing was written.
[[nodiscard]] std::optional<Desk> desk_for(const people::Directory& people, const people::Class& in_class,
                                           const Taps& taps, std::string_view text);
/// Whether the class's school has somebody at that desk.
[[nodiscard]] bool has_desk(const people::Directory& people, const people::Class& in_class, Desk desk);
/// A technician has one school day, the others two; Saturdays and Sundays do not count.
[[nodiscard]] base::WallTime due_of(Desk desk, base::WallTime said, const timetable::Zone& zone);

/// What it is about, for asking who may.
[[nodiscard]] Target about(const Feedback& said);
/// Who reads what a family said of which child.
[[nodiscard]] bool may_read(const people::Directory& people, const Asker& asker, const Feedback& said);
/// Who answers, passes on and closes: whoever may read it and answers for the class or the school; the
/// technician, who sees no child, those of his own desk.
[[nodiscard]] bool may_answer(const people::Directory& people, const Asker& asker, const Feedback& said);

[[nodiscard]] std::string_view to_string(Mark mark) noexcept;
[[nodiscard]] std::string_view to_string(Pace pace) noexcept;
[[nodiscard]] std::string_view to_string(Desk desk) noexcept;
[[nodiscard]] std::string_view to_string(Ticket::State state) noexcept;
[[nodiscard]] std::optional<Mark> mark_from(std::string_view name) noexcept;
[[nodiscard]] std::optional<Pace> pace_from(std::string_view name) noexcept;
[[nodiscard]] std::optional<Desk> desk_from(std::string_view name) noexcept;

}  // namespace tongke::school::feedback
