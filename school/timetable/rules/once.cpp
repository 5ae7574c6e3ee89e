#include <map>
#include <optional>

#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {
namespace {

/// Live slots by whom or what they need, and by day.
template <class Key, class KeyOf>
void check_each(const WeekView& week, Code code, KeyOf key_of, std::optional<Key> Where::*member,
                Findings& findings) {
  std::map<std::pair<Key, int>, std::vector<const Placed*>> used;
  for (const Placed& placed : week.placed())
    if (const auto key = key_of(*placed.slot); key && placed.live)
      used[{*key, placed.day}].push_back(&placed);
  for (const auto& [key, slots] : used) {
    const Overlap found = overlap(slots);
    if (found.slots.empty()) continue;
    Where where{.day = key.second + 1};
    where.*member = key.first;
    report(findings, code, std::move(where), rows_of(found.slots), found.time.count(), 0, found.time.count());
  }
}

}  // namespace

/// Pupils are in one place at a time, over class and layer groups. Those invited by name to
/// questions and answers are not known here and not looked at.
void pupils_once(const WeekView& week, Findings& findings) {
  std::vector<const Placed*> bound;
  for (People::Index profile = 0; profile < week.people().profiles().size(); ++profile) {
    for (int day = 0; day < kDays; ++day) {
      bound.clear();
      for (const Placed* slot : week.attended(profile, day))
        if (slot->slot->invited == 0) bound.push_back(slot);
      const Overlap found = overlap(bound);
      if (found.slots.empty()) continue;
      report(findings, Code::class_double, about(week, profile, found.slots), rows_of(found.slots),
             found.time.count(), 0, found.time.count());
    }
  }
}

/// A lead is on air once at a time. Subject teachers may co-watch several rooms and are free.
void teachers_once(const WeekView& week, Findings& findings) {
  check_each<TeacherId>(
      week, Code::teacher_double, [](const Slot& slot) { return slot.lead; }, &Where::teacher, findings);
}

/// A classroom with a camera serves one lesson at a time.
void places_once(const WeekView& week, Findings& findings) {
  check_each<PlaceId>(
      week, Code::room_double, [](const Slot& slot) { return slot.place; }, &Where::place, findings);
}

}  // namespace tongke::school::timetable::rules
