#include "school/feedback/feedback.hpp"

#include <algorithm>
#include <array>

#include "school/clean_text.hpp"

namespace tongke::school::feedback {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::array<std::string_view, 2> kMarks = {"good", "poor"};
constexpr std::array<std::string_view, 3> kPaces = {"fits", "too_fast", "too_long"};
constexpr std::array<std::string_view, 3> kDesks = {"office", "homeroom", "technician"};
constexpr std::array<std::string_view, 3> kStates = {"open", "answered", "closed"};

template <class E, std::size_t N>
std::optional<E> named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<E>(found - names.begin()));
}
template <std::size_t N, class E>
std::string_view name_of(const std::array<std::string_view, N>& names, E value) {
  return names.at(static_cast<std::size_t>(value));
}

bool is_technician(const people::Staff& staff) {
  return staff.standing == people::Standing::active && staff.has(people::Duty::technician);
}

bool is_weekend(timetable::Date date) { return timetable::iso_day(timetable::Weekday(date)) > 5; }

}  // namespace

Ticket::State Ticket::state() const noexcept {
  if (closed != base::WallTime()) return State::closed;
  return answered != base::WallTime() ? State::answered : State::open;
}

bool is_overdue(const Ticket& ticket, base::WallTime now) noexcept {
  return ticket.state() == Ticket::State::open && now > ticket.due;
}

Result<void> check_text(std::string_view text, const char* field) {
  const auto later_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  const auto characters = text.size() - static_cast<std::size_t>(std::ranges::count_if(text, later_byte));
  if (characters > kMaxText || !is_clean_text(text))
    return Error{Errc::invalid, "at most 300 characters, on one line", field};
  return {};
}

bool has_desk(const people::Directory& people, const people::Class& in_class, Desk desk) {
  switch (desk) {
    case Desk::office:
      return true;
    case Desk::homeroom: {
      const auto* teacher = people.find(in_class.homeroom);
      return teacher && teacher->standing == people::Standing::active;
    }
    case Desk::technician:
      return std::ranges::any_of(people.staff(), [&](const people::Staff& staff) {
        return (!staff.school || staff.school == in_class.school) && is_technician(staff);
      });
  }
  return false;
}

std::optional<Desk> desk_for(const people::Directory& people, const people::Class& in_class, const Taps& taps,
                             std::string_view text) {
  const bool technical = taps.picture == Mark::poor || taps.sound == Mark::poor;
  if (!technical && taps.pace == Pace::fits && text.empty()) return std::nullopt;
  const Desk wanted = technical                     ? Desk::technician
                      : taps.pace == Pace::too_long ? Desk::office
                                                    : Desk::homeroom;
  return has_desk(people, in_class, wanted) ? wanted : Desk::office;
}

base::WallTime due_of(Desk desk, base::WallTime said, const timetable::Zone& zone) {
  auto [date, time] = zone.local(said);
  for (int left = desk == Desk::technician ? 1 : 2; left > 0;) {
    date += std::chrono::days(1);
    if (!is_weekend(date)) --left;
  }
  return zone.wall(date, time);
}

Target about(const Feedback& said) {
  return {.school = said.school, .original_class = said.original_class, .pupil = said.pupil};
}

bool may_read(const people::Directory& people, const Asker& asker, const Feedback& said) {
  return may(people, asker, Act::see_tickets, about(said)) == Verdict::yes;
}

bool may_answer(const people::Directory& people, const Asker& asker, const Feedback& said) {
  return said.ticket && may(people, asker, Act::answer_tickets, about(said)) == Verdict::yes &&
         (said.ticket->owner == Desk::technician || may_read(people, asker, said));
}

std::string_view to_string(Mark mark) noexcept { return name_of(kMarks, mark); }
std::string_view to_string(Pace pace) noexcept { return name_of(kPaces, pace); }
std::string_view to_string(Desk desk) noexcept { return name_of(kDesks, desk); }
std::string_view to_string(Ticket::State state) noexcept { return name_of(kStates, state); }
std::optional<Mark> mark_from(std::string_view name) noexcept { return named<Mark>(kMarks, name); }
std::optional<Pace> pace_from(std::string_view name) noexcept { return named<Pace>(kPaces, name); }
std::optional<Desk> desk_from(std::string_view name) noexcept { return named<Desk>(kDesks, name); }

}  // namespace tongke::school::feedback
