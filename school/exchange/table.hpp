#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "school/exchange/report.hpp"

namespace tongke::school::exchange {

/// A row of an imported file by column, cells trimmed; a column that the file has not is empty.
struct Row {
  std::size_t line = 0;
  std::array<std::string, kColumnCount> cells = {};

  [[nodiscard]] const std::string& operator[](Column column) const {
    return cells[static_cast<std::size_t>(column)];
  }
  [[nodiscard]] std::string& operator[](Column column) { return cells[static_cast<std::size_t>(column)]; }
};

/// A file made sense of.
struct Table {
  std::string file = {};  ///< name for messages
  Kind kind = Kind::pupils;
  std::string encoding = {};
  std::vector<Row> rows = {};
  std::vector<Problem> problems = {};  ///< of the file itself: a quote left open
};

/// Most bytes of a file: 50,000 pupils are 5 MB.
inline constexpr std::size_t kMaxFileBytes = 64U << 20U;

/// Decodes, parses, finds the header row (which may stand under a title) and what kind of list
/// it is.  @errors invalid: nothing recognisable; says what would be
[[nodiscard]] base::Result<Table> read_table(const std::string& file, base::ByteView bytes);

}  // namespace tongke::school::exchange
