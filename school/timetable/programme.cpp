#include "school/timetable/programme.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

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

std::vector<Entry> one_at_a_time(std::span<const std::vector<Entry>> classes) {
  struct Shared {
    const Entry* entry = nullptr;
    std::size_t first = 0;  ///< of the classes that have it
    std::size_t count = 0;
  };
  std::map<std::pair<Date, SlotId>, Shared> all;
  std::set<std::pair<Date, Minutes>> seams;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    for (const Entry& entry : classes[i]) {
      if (entry.delivery != Delivery::live) continue;
      Shared& shared = all[{entry.date, entry.id}];
      if (shared.entry == nullptr) shared = {.entry = &entry, .first = i};
      ++shared.count;
      seams.emplace(entry.date, entry.start);
      seams.emplace(entry.date, entry.end());
    }
  }
  std::vector<Entry> shown;
  for (auto seam = seams.begin(); seam != seams.end(); ++seam) {
    const auto next = std::next(seam);
    if (next == seams.end() || next->first != seam->first) continue;
    const Shared* best = nullptr;
    const auto rank = [](const Shared& one) {
      const bool lesson = !is_pause(one.entry->kind);
      return std::tuple(lesson, lesson ? one.count : 0, -static_cast<std::ptrdiff_t>(one.first),
                        one.entry->start, one.entry->id);
    };
    for (const auto& [key, one] : all) {
      const Entry& entry = *one.entry;
      if (entry.date != seam->first || entry.start > seam->second || entry.end() <= seam->second) continue;
      if (best == nullptr || rank(*best) < rank(one)) best = &one;
    }
    if (best == nullptr) continue;
    if (!shown.empty() && shown.back().id == best->entry->id && shown.back().date == seam->first &&
        shown.back().end() == seam->second) {
      shown.back().length += next->second - seam->second;
      continue;
    }
    shown.push_back(*best->entry);
    shown.back().start = seam->second;
    shown.back().length = next->second - seam->second;
  }
  return shown;
}

std::string title_of(const Entry& entry, Language language) {
  if (!entry.subject.empty()) return entry.subject;
  return label("kind." + std::string(to_string(entry.kind)), language);
}

}  // namespace tongke::school::timetable
