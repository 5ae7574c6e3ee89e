#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {
namespace {

bool needs_pupils(const Slot& slot) { return slot.kind != Kind::parent; }

}  // namespace

/// A row says when it is and whom it is for, in terms that exist.
void references(const WeekView& week, Findings& findings) {
  for (const Slot& slot : week.slots()) {
    Where where;
    if (slot.day.ok()) where.day = iso_day(slot.day);
    const auto add = [&](Code code, std::int64_t amount, std::int64_t limit) {
      report(findings, code, where, {slot.id}, amount, limit, 1);
    };
    if (!has_good_time(slot)) add(Code::bad_time, slot.length.count(), 0);
    for (const ClassId id : slot.classes)
      if (!week.people().find(id)) add(Code::unknown_class, id.value, 0);
    for (const GroupId id : slot.groups)
      if (!week.people().find(id)) add(Code::unknown_group, id.value, 0);
    const auto rooms = static_cast<std::int64_t>(slot.classes.size() + slot.groups.size());
    if (rooms == 0 && needs_pupils(slot)) add(Code::no_audience, 0, 0);
    if (rooms > 0 && !needs_pupils(slot)) add(Code::parent_roster, rooms, 0);
    if (slot.lead && rooms > week.rules().max_rooms) add(Code::too_many_rooms, rooms, week.rules().max_rooms);
  }
}

}  // namespace tongke::school::timetable::rules
