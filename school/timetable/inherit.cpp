#include "school/timetable/inherit.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace tongke::school::timetable {
namespace {

using Cell = std::pair<int, int>;  // ISO day, period
using Cells = std::map<Cell, std::vector<const Row*>>;

Cells cells_of(const Sheet& sheet) {
  Cells cells;
  for (const Row& row : sheet.rows) cells[{iso_day(row.slot.day), row.slot.period}].push_back(&row);
  return cells;
}

/// The sheets that hold in `week`, the most special last.
std::vector<std::pair<const Sheet*, Cells>> in_force(std::span<const Sheet> sheets, Week week) {
  std::vector<std::pair<const Sheet*, Cells>> found;
  for (const Sheet& sheet : sheets)
    if (!sheet.week || *sheet.week == week) found.emplace_back(&sheet, cells_of(sheet));
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) {
    const auto key = [](const Sheet& s) { return std::tuple(s.scope.rank(), s.week.has_value(), s.scope); };
    return key(*a.first) < key(*b.first);
  });
  return found;
}

void add_slots(std::vector<Slot>& out, const Row& row, const std::vector<ClassId>& classes) {
  const auto add = [&](std::vector<ClassId> audience) {
    out.push_back(row.slot);
    out.back().classes = std::move(audience);
  };
  if (!row.slot.groups.empty()) return add({});
  if (row.slot.lead) return add(classes);
  for (const ClassId id : classes) add({id});
}

}  // namespace

bool Scope::covers(const People::Class& klass) const {
  return (!stage || *stage == klass.stage) && (!grade || *grade == klass.grade) &&
         (!school || *school == klass.school) && (!class_id || *class_id == klass.id);
}

int Scope::rank() const { return (class_id ? 8 : 0) + (school ? 4 : 0) + (grade ? 2 : 0) + (stage ? 1 : 0); }

std::vector<Slot> effective_week(const People& people, std::span<const Sheet> sheets, Week week,
                                 const std::set<ClassId>* among) {
  const auto force = in_force(sheets, week);
  std::map<const Row*, std::vector<ClassId>> audience;
  for (const People::Class& klass : people.classes()) {
    if (among && !among->contains(klass.id)) continue;
    std::map<Cell, const std::vector<const Row*>*> day;
    for (const auto& [sheet, cells] : force) {
      if (!sheet->scope.covers(klass)) continue;
      for (const auto& [cell, rows] : cells) day[cell] = &rows;
    }
    for (const auto& [cell, rows] : day)
      for (const Row* row : *rows)
        if (!row->blank) audience[row].push_back(klass.id);
  }
  std::vector<const Row*> rows;
  rows.reserve(audience.size());
  for (const auto& [row, classes] : audience) rows.push_back(row);
  std::ranges::sort(rows, {}, [](const Row* row) { return row->slot.id; });
  std::vector<Slot> out;
  for (const Row* row : rows) {
    std::vector<ClassId>& classes = audience[row];
    std::ranges::sort(classes);
    if (row->slot.kind == Kind::parent) {
      out.push_back(row->slot);  // for the homes of these classes, never for the pupils
    } else {
      add_slots(out, *row, classes);
    }
  }
  return out;
}

}  // namespace tongke::school::timetable
