#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "school/timetable/import_words.hpp"
#include "school/timetable/inherit.hpp"

namespace tongke::school::timetable {

/// Finds what a file calls by name. Nothing: unknown, or not unmistakable.
struct Directory {
  std::function<std::optional<SchoolId>(std::string_view)> school;
  /// Within a school when the row names one.
  std::function<std::optional<ClassId>(std::optional<SchoolId>, std::string_view)> class_named;
  std::function<std::optional<GroupId>(std::optional<SchoolId>, std::string_view)> group;
  std::function<std::optional<SubjectId>(std::string_view)> subject;
  std::function<std::optional<TeacherId>(std::optional<SchoolId>, std::string_view)> teacher;
  std::function<std::optional<PlaceId>(std::optional<SchoolId>, std::string_view)> place;
};

/// A line of the file as a row of the timetable it belongs to. Rows carry no ids: one that is
/// already there (same scope, week, day, period and groups) is the one to update.
struct ImportedRow {
  std::size_t line = 0;  ///< as a spreadsheet counts: the header is 1
  Scope scope;
  std::optional<Week> week;  ///< rows with a date hold in that week only
  Row row;
};

/// A cell that keeps its line out.
struct BadCell {
  std::size_t line = 0;
  Column column = Column::school;
  /// missing; malformed: not in a form we read; unknown: no such thing in the directory;
  /// too_long; contradiction: not what another cell of the line says
  enum class Why : std::uint8_t { missing, malformed, unknown, too_long, contradiction };
  Why why = Why::missing;
  friend bool operator==(const BadCell&, const BadCell&) = default;
};
[[nodiscard]] std::string_view to_string(BadCell::Why why) noexcept;

struct ImportedRows {
  std::vector<ImportedRow> rows;
  std::vector<BadCell> bad;          ///< every reason of every line that is not in `rows`
  std::vector<std::string> ignored;  ///< headers that say nothing to us
};

/// Reads a timetable out of split cells, the header first. Empty lines are skipped; a bad line
/// does not keep the others out. Texts are taken as UTF-8.
/// @errors invalid with the field at fault: no header, a column twice, or one that is needed
///   (weekday or date; start) not there
[[nodiscard]] base::Result<ImportedRows> import_rows(std::span<const std::vector<std::string>> lines,
                                                     const Directory& directory);

}  // namespace tongke::school::timetable
