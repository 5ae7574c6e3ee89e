#include "school/timetable/programme.hpp"

#include <algorithm>
#include <tuple>

namespace tongke::school::timetable {
namespace {

bool attends(const Audience& audience, const Slot& slot) {
  if (slot.state != State::published && !audience.drafts) return false;
  if (std::ranges::find(slot.classes, audience.class_id) != slot.classes.end()) return true;
  return std::ranges::any_of(slot.groups, [&](GroupId group) {
    return std::ranges::find(audience.groups, group) != audience.groups.end();
  });
}

}  // namespace

std::vector<Entry> entries_for(const Audience& audience, Week week, std::span<const Slot> slots,
                               const Names& names) {
  std::vector<Entry> entries;
  for (const Slot& slot : slots) {
    if (!attends(audience, slot)) continue;
    entries.push_back({.id = slot.id,
                       .date = week.on(slot.day),
                       .period = slot.period,
                       .start = slot.start,
                       .length = slot.length,
                       .kind = slot.kind,
                       .delivery = slot.delivery,
                       .subject = slot.subject ? names.subject(*slot.subject) : "",
                       .lead = slot.lead ? names.teacher(*slot.lead) : "",
                       .goal = slot.card.goal,
                       .advice = slot.card.advice});
  }
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::tuple(e.date, e.start, e.length, e.id); });
  return entries;
}

std::string title_of(const Entry& entry, Language language) {
  if (!entry.subject.empty()) return entry.subject;
  return label("kind." + std::string(to_string(entry.kind)), language);
}

}  // namespace tongke::school::timetable
