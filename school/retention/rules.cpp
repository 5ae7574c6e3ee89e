#include "school/retention/rules.hpp"

#include <algorithm>
#include <array>

namespace tongke::school::retention {
namespace {

// The first moment after a day of the district's calendar.
base::WallTime end_of(timetable::Date day, timetable::Zone zone) {
  return zone.wall(day + std::chrono::days(1), std::chrono::milliseconds(0));
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  static constexpr std::array<std::string_view, kKindCount> kNames = {
      "media", "presence", "help", "air", "answers", "access", "spot_check", "feedback"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<base::WallTime> due_at(Kind kind, const Facts& facts, const Rules& rules) {
  switch (kind) {
    case Kind::media: {
      const base::WallTime due = facts.last + rules.media;
      if (!facts.graduation || !rules.graduation_until) return due;
      return std::max(due, end_of(*rules.graduation_until, rules.zone));
    }
    case Kind::help:
    case Kind::feedback:
      return facts.last + rules.help;
    case Kind::access:
      return facts.last + rules.access;
    case Kind::spot_check:
      return facts.last + rules.spot_checks;
    case Kind::presence:
    case Kind::answers:
    case Kind::air: {
      const base::WallTime term_over = end_of(rules.term_end, rules.zone);
      if (facts.last >= term_over) return std::nullopt;
      return kind == Kind::answers ? term_over : term_over + rules.presence_after_term;
    }
  }
  return std::nullopt;
}

base::WallTime next_at(timetable::Minutes time, base::WallTime at, timetable::Zone zone) {
  const auto moment = zone.local(at);
  return zone.wall(moment.time <= time ? moment.date : moment.date + std::chrono::days(1), time);
}

bool is_due(Kind kind, const Facts& facts, const Rules& rules, base::WallTime now) {
  const auto due = due_at(kind, facts, rules);
  return !facts.held && due && now >= *due;
}

}  // namespace tongke::school::retention
