#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "school/exchange/csv.hpp"

namespace tongke::school::exchange::xlsx {

/// Whether a file is a workbook by its first bytes.
[[nodiscard]] bool is_workbook(base::ByteView bytes) noexcept;

/// The first visible sheet with anything in it, as its cells show it; formulas by the value they
/// had when the workbook was saved. A row's line is its number in the sheet.  @thread any
/// @source ECMA-376 part 1, section 18   @errors invalid: damaged, encrypted, too large
[[nodiscard]] base::Result<std::vector<CsvRow>> read_workbook(base::ByteView bytes);

}  // namespace tongke::school::exchange::xlsx
