#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "school/exchange/csv.hpp"
#include "school/exchange/xlsx/number.hpp"
#include "school/exchange/xlsx/xml.hpp"

namespace tongke::school::exchange::xlsx {

/// What cells of all sheets refer to.
struct Workbook {
  std::vector<std::string> strings = {};
  std::vector<Show> shows = {};  ///< by a cell's style
  bool is_1904 = false;
};

/// Makes rows of a sheet's XML as it is read through.
class SheetReader {
 public:
  /// Most bytes of all cells together: one string may stand in a million of them.
  static constexpr std::size_t kMaxText = 128U << 20U;

  explicit SheetReader(const Workbook& workbook) : workbook_(workbook) {}

  /// Refers to this reader.
  [[nodiscard]] XmlHandler handler();
  /// Without those that have nothing in any field.
  [[nodiscard]] std::vector<CsvRow> take_rows() { return std::move(rows_); }
  [[nodiscard]] bool is_too_large() const noexcept { return size_ > kMaxText; }

 private:
  void begin(std::string_view name, const Attributes& attributes);
  void end(std::string_view name);
  void finish_cell();
  [[nodiscard]] std::string cell_text() const;

  const Workbook& workbook_;
  std::vector<CsvRow> rows_;
  CsvRow row_;
  std::size_t line_ = 0;
  std::size_t column_ = 0;  ///< of the cell, from 1
  std::size_t style_ = 0;
  std::string kind_;
  std::string value_;
  bool in_value_ = false;
  bool in_sound_ = false;  ///< how a name is read, which is not part of it
  std::size_t size_ = 0;
};

/// A column's number from a cell's name: 1 for "A7", 28 for "AB1"; 0 when there is none.
[[nodiscard]] std::size_t column_of(std::string_view cell) noexcept;

}  // namespace tongke::school::exchange::xlsx
