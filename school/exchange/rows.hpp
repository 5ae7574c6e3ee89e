#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "school/exchange/csv.hpp"

namespace tongke::school::exchange {

/// A file's table, however a spreadsheet saved it.
struct FileRows {
  std::string encoding = {};  ///< as Decoded::encoding, or "XLSX"
  std::vector<CsvRow> rows = {};
  /// Csv::open_quote
  std::optional<std::size_t> open_quote = std::nullopt;
};

/// Reads a workbook (XLSX) or text (CSV).  @thread any
/// @errors invalid: too large; as decode_text and xlsx::read_workbook
[[nodiscard]] base::Result<FileRows> read_rows(base::ByteView bytes);

}  // namespace tongke::school::exchange
