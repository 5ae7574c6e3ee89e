#pragma once

#include <vector>

#include "school/schedule/planning.hpp"

/// What the rules would say if a row were elsewhere, for whom somebody drags it about.
namespace tongke::school::schedule {

/// A row of a draft sheet.
struct RowAt {
  const SheetKey& key;
  const Rows& rows;
  std::size_t at = 0;  ///< in `rows`
};

/// For each of `instead`, what the drafts would newly break, or break worse, with it in the place
/// of the row: what was wrong before is not held against it. Only those are looked at who could
/// have to do with the row: a school's row costs what the school's week does, one of a whole
/// district's sheet what the district's does (docs/timetable.md), for each of `instead`.
/// @param instead  the row at other times, or otherwise changed; the number stays
[[nodiscard]] std::vector<std::vector<WeekFinding>> try_rows(const timetable::People& people,
                                                             const timetable::RuleSettings& rules,
                                                             const Timetable& timetable, const RowAt& row,
                                                             const std::vector<timetable::Row>& instead,
                                                             timetable::Date today);

}  // namespace tongke::school::schedule
