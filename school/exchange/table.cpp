#include "school/exchange/table.hpp"

#include <algorithm>
#include <map>

#include "school/exchange/names.hpp"
#include "school/exchange/rows.hpp"
#include "school/text.hpp"

namespace tongke::school::exchange {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::array<std::string_view, kColumnCount> kColumns = {
    "school",  "system",    "grade",    "class",     "pupil_number", "name",
    "phone",   "condition", "home",     "standing",  "staff_number", "duty",
    "subject", "teaches",   "homeroom", "prep_lead", "group"};
constexpr std::array<std::string_view, kKindCount> kKinds = {"schools", "pupils", "staff", "groups"};
constexpr std::array<std::string_view, 18> kReasons = {
    "open_quote",     "missing",      "unclean",   "too_long",      "damaged_number", "identity_card",
    "unknown_school", "bad_grade",    "bad_class", "bad_condition", "bad_duty",       "bad_system",
    "bad_phone",      "bad_standing", "duplicate", "unknown_pupil", "two_groups",     "shared_phone"};

// How far down a header is looked for, under titles and remarks.
constexpr std::size_t kHeaderRows = 10;

using Header = std::vector<std::optional<Column>>;  // by field

// Headers differ in spaces, underscores, brackets and case.
std::string header_key(std::string_view cell) {
  std::string key;
  for (const char c : plain(cell)) {
    if (std::string_view(" _-*():").find(c) == std::string_view::npos) key += c;
  }
  return key;
}

std::optional<Column> column_of(std::string_view cell) {
  static const auto by_spelling = [] {
    std::map<std::string, Column, std::less<>> all;
    for (std::size_t i = 0; i < kColumnCount; ++i) {
      for (const std::string& spelling : spellings("columns", kColumns[i]))
        all[spelling] = static_cast<Column>(i);
    }
    return all;
  }();
  const auto found = by_spelling.find(header_key(cell));
  return found == by_spelling.end() ? std::nullopt : std::optional(found->second);
}

bool has(const Header& header, Column column) {
  return std::find(header.begin(), header.end(), column) != header.end();
}

std::optional<Kind> kind_of(const Header& header) {
  if (has(header, Column::pupil_number) && has(header, Column::group)) return Kind::groups;
  if (has(header, Column::pupil_number) && has(header, Column::class_number)) return Kind::pupils;
  if (has(header, Column::school) && has(header, Column::system)) return Kind::schools;
  if (has(header, Column::name) && (has(header, Column::staff_number) || has(header, Column::duty) ||
                                    has(header, Column::subject) || has(header, Column::teaches))) {
    return Kind::staff;
  }
  return std::nullopt;
}

Header read_header(const CsvRow& row) {
  Header header;
  for (const std::string& field : row.fields) header.push_back(column_of(field));
  return header;
}

// Two telephone columns (father, mother) are one cell with two numbers.
void put_cell(Row& row, Column column, std::string text) {
  std::string& cell = row[column];
  if (cell.empty()) {
    cell = std::move(text);
  } else if (column == Column::phone && !text.empty()) {
    cell += ',' + text;
  }
}

Row read_row(const CsvRow& fields, const Header& header) {
  Row row{.line = fields.line};
  for (std::size_t i = 0; i < std::min(fields.fields.size(), header.size()); ++i) {
    if (header[i]) put_cell(row, *header[i], trimmed(fields.fields[i]));
  }
  return row;
}

}  // namespace

std::string_view to_string(Column column) noexcept { return kColumns.at(static_cast<std::size_t>(column)); }
std::string_view to_string(Kind kind) noexcept { return kKinds.at(static_cast<std::size_t>(kind)); }
std::string_view to_string(Reason reason) noexcept { return kReasons.at(static_cast<std::size_t>(reason)); }

Result<Table> read_table(const std::string& file, base::ByteView bytes) {
  auto read = read_rows(bytes);
  if (!read) return std::move(read).error().in(file);
  const auto& rows = read->rows;
  for (std::size_t i = 0; i < std::min(rows.size(), kHeaderRows); ++i) {
    const Header header = read_header(rows[i]);
    const auto kind = kind_of(header);
    if (!kind) continue;
    Table table{.file = file, .kind = *kind, .encoding = read->encoding};
    table.rows.reserve(rows.size() - i - 1);
    for (std::size_t k = i + 1; k < rows.size(); ++k) table.rows.push_back(read_row(rows[k], header));
    if (read->open_quote) {
      table.problems.push_back({.file = file, .line = *read->open_quote, .reason = Reason::open_quote});
    }
    return table;
  }
  return Error{Errc::invalid, file + ": " + text("import.no_header")};
}

}  // namespace tongke::school::exchange
