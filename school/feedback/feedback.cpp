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
constexpr std::array<std::string_view, 4> kDesks = {"office", "homeroom", "technician", "principal"};
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

bool is_principal(const people::Staff& staff) {
  return staff.standing == people::Standing::active && staff.has(people::Duty::principal);
}

/// The desk that answers for this one; none above the principal.
std::optional<Desk> above(Desk desk) noexcept {
  if (desk == Desk::principal) return std::nullopt;
  return desk == Desk::office ? Desk::principal : Desk::office;
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
    case Desk::principal:
      return principal_of(people, in_class.school) != nullptr;
  }
  return false;
}

const people::Staff* principal_of(const people::Directory& people, people::SchoolId school) {
  const auto all = people.staff();
  const auto found = std::ranges::find_if(
      all, [&](const people::Staff& staff) { return staff.school == school && is_principal(staff); });
  return found == all.end() ? nullptr : &*found;
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

base::WallTime school_time_after(base::WallTime from, std::chrono::milliseconds length,
                                 const timetable::Zone& zone) {
  auto at = from;
  for (;;) {
    const auto date = zone.local(at).date;
    const auto tomorrow = zone.wall(date + std::chrono::days(1), {});
    if (!is_weekend(date)) {
      if (at + length < tomorrow) return at + length;
      length -= tomorrow - at;
    }
    at = tomorrow;
  }
}

Holding holding(const Ticket& ticket, const people::Directory& people, const people::Class& in_class,
                const Rule& rule, base::WallTime now) {
  const bool waits = ticket.state() == Ticket::State::open;
  const auto until = waits ? now : ticket.answered;
  Holding held{.desk = ticket.owner, .since = ticket.since};
  while (const auto next = above(held.desk)) {
    const auto wait = *next == Desk::principal ? rule.climb.to_principal : rule.climb.to_office;
    if (wait <= std::chrono::milliseconds(0) || !has_desk(people, in_class, *next)) break;
    const auto at = school_time_after(held.since, wait, rule.zone);
    if (at > until) {
      if (waits) held.next = Holding::Next{.desk = *next, .at = at};
      break;
    }
    held = {.desk = *next, .since = at};
  }
  return held;
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
