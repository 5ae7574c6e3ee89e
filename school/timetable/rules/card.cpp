#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"
#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable::rules {
namespace {

bool can_be_checked(const Card& card) {
  switch (card.evaluation) {
    case Evaluation::none:
      return false;
    case Evaluation::quick_check:
      return true;
    case Evaluation::text:
      return !trimmed(card.evaluation_text).empty();
  }
  return false;
}

}  // namespace

/// A published lesson says its goal, its advice and how it is checked (PL-5, PL-5b).
void card(const WeekView& week, Findings& findings) {
  for (const Slot& slot : week.slots()) {
    if (slot.kind != Kind::lesson) continue;
    Where where;
    if (slot.day.ok()) where.day = iso_day(slot.day);
    const auto add = [&](Code code, std::int64_t amount, std::int64_t limit) {
      report(findings, code, where, {slot.id}, amount, limit, 1);
    };
    constexpr auto kMost = static_cast<std::int64_t>(kMaxGoal);
    const auto goal = static_cast<std::int64_t>(code_points(slot.card.goal));
    if (goal > kMost) add(Code::goal_too_long, goal, kMost);
    if (slot.state != State::published) continue;
    if (trimmed(slot.card.goal).empty()) add(Code::goal_required, 0, 0);
    if (trimmed(slot.card.advice).empty()) add(Code::advice_required, 0, 0);
    if (!can_be_checked(slot.card)) add(Code::evaluation_required, 0, 0);
  }
}

}  // namespace tongke::school::timetable::rules
