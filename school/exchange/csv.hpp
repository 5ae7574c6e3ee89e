#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongke::school::exchange {

/// Most fields of a row that are kept; no roster has more.
inline constexpr std::size_t kMaxFields = 256;

struct CsvRow {
  std::size_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields = {};
  friend bool operator==(const CsvRow&, const CsvRow&) = default;
};

struct Csv {
  char delimiter = ',';
  std::vector<CsvRow> rows = {};  ///< without those that have nothing in any field
  /// The line of a quote that nothing closes: the rows from there on are not in `rows`.
  std::optional<std::size_t> open_quote = std::nullopt;
};

/// Reads a table as people really save them: RFC 4180, and beyond it commas, tabs or semicolons,
/// CRLF, LF or CR, rows of any length, and quotes in the middle of a field, which are kept as
/// they stand.  @thread any
/// @param text       UTF-8
/// @param delimiter  found from the first lines when not given
[[nodiscard]] Csv read_csv(std::string_view text, std::optional<char> delimiter = std::nullopt);

/// Appends a row as RFC 4180 has it, ending in CRLF.
void write_csv_row(std::string& out, const std::vector<std::string>& fields);

}  // namespace tongke::school::exchange
