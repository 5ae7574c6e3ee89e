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

/// What a family says of a week's lessons in three taps, or of one lesson after it, and the ticket that
/// follows when something was wrong: it has an owner and a clock, and the family sees the answer. What
/// nobody answers climbs: from the desk it was given to, to the school's office, to the principal. Pure.
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

/// Whose a ticket is. The school's office sees all of them, and its principal with it.
enum class Desk : std::uint8_t { office = 0, homeroom, technician, principal };

struct Ticket {
  Desk owner = Desk::office;  ///< given to; who holds it now, holding() says
  base::WallTime since{};     ///< it was given to
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

/// How long a desk may leave a ticket unanswered before it climbs; Saturdays and Sundays do not count.
/// Zero: it does not.
struct Climb {
  std::chrono::milliseconds to_office{std::chrono::hours(24)};
  std::chrono::milliseconds to_principal{std::chrono::hours(24)};
};
struct Rule {
  Climb climb = {};
  timetable::Zone zone = {};
};
/// Whose turn it is.
struct Holding {
  Desk desk = Desk::office;
  base::WallTime since{};
  struct Next {
    Desk desk = Desk::office;
    base::WallTime at{};
    friend bool operator==(const Next&, const Next&) = default;
  };
  std::optional<Next> next = {};  ///< none: it climbs no further, or is answered
  friend bool operator==(const Holding&, const Holding&) = default;
};
/// Nothing is kept of a climb: it follows from the ticket's age, and stands still from the answer on. A
/// desk that the school has nobody for is not climbed to.
[[nodiscard]] Holding holding(const Ticket& ticket, const people::Directory& people,
                              const people::Class& in_class, const Rule& rule, base::WallTime now);
/// `length` after `from`, in which Saturdays and Sundays do not count.
[[nodiscard]] base::WallTime school_time_after(base::WallTime from, std::chrono::milliseconds length,
                                               const timetable::Zone& zone);

/// How long after its end a lesson can be talked of.
inline constexpr std::chrono::hours kLessonOpen{48};

/// One family's word on one child's week, or on one lesson of it. School and class are those of then.
struct Feedback {
  std::string id = {};  ///< hard to guess
  people::PupilId pupil = {};
  people::SchoolId school = {};
  people::ClassId original_class = {};
  timetable::Week week = {};
  std::string lesson = {};        ///< its id; "": the week
  std::string lesson_title = {};  ///< as it was called then
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
/// The first of them, if there are several; nullptr for none.
[[nodiscard]] const people::Staff* principal_of(const people::Directory& people, people::SchoolId school);
/// A technician has one school day, the others two; Saturdays and Sundays do not count.
[[nodiscard]] base::WallTime due_of(Desk desk, base::WallTime said, const timetable::Zone& zone);

/// What it is about, for asking who may.
[[nodiscard]] Target about(const Feedback& said);
/// Who reads what a family said of which child.
[[nodiscard]] bool may_read(const people::Directory& people, const Asker& asker, const Feedback& said);
/// Who answers, passes on and closes: whoever may read it and answers for the class or the school; the
/// technician, who sees no child, those that were given to him. Climbing adds a desk and takes it from
/// none: a late answer is better than none.
[[nodiscard]] bool may_answer(const people::Directory& people, const Asker& asker, const Feedback& said);

[[nodiscard]] std::string_view to_string(Mark mark) noexcept;
[[nodiscard]] std::string_view to_string(Pace pace) noexcept;
[[nodiscard]] std::string_view to_string(Desk desk) noexcept;
[[nodiscard]] std::string_view to_string(Ticket::State state) noexcept;
[[nodiscard]] std::optional<Mark> mark_from(std::string_view name) noexcept;
[[nodiscard]] std::optional<Pace> pace_from(std::string_view name) noexcept;
[[nodiscard]] std::optional<Desk> desk_from(std::string_view name) noexcept;

}  // namespace tongke::school::feedback
