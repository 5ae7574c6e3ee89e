#pragma once

#include <optional>
#include <set>
#include <span>
#include <vector>

#include "school/timetable/model.hpp"
#include "school/timetable/people.hpp"

namespace tongke::school::timetable {

/// Whom a timetable is for (PL-4): a stage of the district, a grade, a school (whole, or one of
/// its stages or grades), or one class. What is not set is not restricted.
struct Scope {
  std::optional<Stage> stage = {};
  std::optional<Grade> grade = {};
  std::optional<SchoolId> school = {};
  std::optional<ClassId> class_id = {};

  [[nodiscard]] bool covers(const People::Class& klass) const;
  /// A more special scope overrides a more general one: class, then school, grade, stage.
  [[nodiscard]] int rank() const;
  friend auto operator<=>(const Scope&, const Scope&) = default;
};

/// A row of a timetable. Who attends follows from the scope, so `slot.classes` is left empty;
/// `slot.groups` is filled in for layered lessons, which then have these rooms.
struct Row {
  Slot slot;
  bool blank = false;  ///< nothing is in this cell, whatever the more general timetable says
};

/// One timetable: rows for a scope, every week or in one week only. Two rows of one cell
/// (weekday and period) stand side by side, as the groups of a layered lesson do.
struct Sheet {
  Scope scope;
  std::optional<Week> week;  ///< overrides the sheet of the same scope that holds every week
  std::vector<Row> rows;
};

/// What everybody has in `week`: for each class and cell the rows of the most special sheet that
/// says anything. A row with a lead is one lesson for all its classes (joint); one without is a
/// frame, and each class gets a slot of its own. Order: by row, then class.
/// @param among  only these classes are looked at, as if there were no others; none: all
[[nodiscard]] std::vector<Slot> effective_week(const People& people, std::span<const Sheet> sheets, Week week,
                                               const std::set<ClassId>* among = nullptr);

}  // namespace tongke::school::timetable
