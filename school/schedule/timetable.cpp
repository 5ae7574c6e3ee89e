#include "school/schedule/timetable.hpp"

namespace tongke::school::schedule {
namespace {

void put(Sheets& sheets, const Sheets& changed) {
  for (const auto& [key, rows] : changed) {
    if (rows.empty()) {
      sheets.erase(key);
    } else {
      sheets.insert_or_assign(key, rows);
    }
  }
}

}  // namespace

std::vector<timetable::Sheet> as_sheets(const Sheets& sheets, timetable::State state) {
  std::vector<timetable::Sheet> out;
  out.reserve(sheets.size());
  for (const auto& [key, rows] : sheets) {
    out.push_back({.scope = key.scope, .week = key.week, .rows = rows});
    for (timetable::Row& row : out.back().rows) row.slot.state = state;
  }
  return out;
}

std::vector<timetable::Slot> published_week(const timetable::People& people, const Timetable& timetable,
                                            timetable::Week week) {
  const auto sheets = as_sheets(timetable.published, timetable::State::published);
  return effective_week(people, sheets, week);
}

std::vector<timetable::Slot> draft_week(const timetable::People& people, const Timetable& timetable,
                                        timetable::Week week) {
  Sheets all = timetable.published;
  put(all, timetable.drafts);
  auto sheets = as_sheets(all, timetable::State::draft);
  for (timetable::Sheet& sheet : sheets) {
    const auto published = timetable.published.find({sheet.scope, sheet.week});
    if (published == timetable.published.end()) continue;
    for (timetable::Row& row : sheet.rows) {
      for (const timetable::Row& same : published->second) {
        if (same.slot == row.slot && same.blank == row.blank) row.slot.state = timetable::State::published;
      }
    }
  }
  return effective_week(people, sheets, week);
}

Timetable with(Timetable timetable, const Changes& changes) {
  put(timetable.drafts, changes.drafts);
  timetable.places.insert(timetable.places.end(), changes.new_places.begin(), changes.new_places.end());
  if (changes.weekly_hours) timetable.weekly_hours = *changes.weekly_hours;
  if (changes.months) timetable.months = *changes.months;
  timetable.next_row += changes.rows_used;
  if (changes.transition) {
    put(timetable.published, changes.transition->now);
    timetable.last = changes.transition->last;
  }
  return timetable;
}

}  // namespace tongke::school::schedule
