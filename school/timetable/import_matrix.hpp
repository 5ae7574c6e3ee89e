#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tongke::school::timetable {

/// A school's usual sheet written out as the list that import_rows() reads.
struct Unrolled {
  std::vector<std::vector<std::string>> lines;  ///< the header first
  /// Where each of `lines` was: line and column as a spreadsheet counts, from 1.
  struct Origin {
    std::size_t line = 0;
    std::size_t column = 0;
  };
  std::vector<Origin> origins;
};

/// Reads sheets with days as columns and periods as rows, a block for each class under a line
/// that names it:
///
///     三年级2班课程表
///     节次 | 时间      | 周一         | 周二 …
///     1    | 8:00-8:20 | 数学（王老师） | 语文 …
///     眼保健操 | 8:20-8:30
///
/// Period and time may share a cell; columns before them ("上午") are passed over. A row whose
/// head says what it is (眼保健操, 课间操) holds on every day that says nothing else. A cell is
/// a subject or a kind, and may name the lead in brackets, after a slash, a space or on a new line.
/// @return nothing when no line has at least two weekdays: it is no such sheet
[[nodiscard]] std::optional<Unrolled> unroll_matrix(std::span<const std::vector<std::string>> lines);

}  // namespace tongke::school::timetable
