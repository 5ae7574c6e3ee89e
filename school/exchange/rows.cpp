#include "school/exchange/rows.hpp"

#include "school/exchange/encoding.hpp"
#include "school/exchange/table.hpp"
#include "school/exchange/xlsx/workbook.hpp"
#include "school/text.hpp"

namespace tongke::school::exchange {

base::Result<FileRows> read_rows(base::ByteView bytes) {
  if (bytes.size() > kMaxFileBytes) return base::Error{base::Errc::invalid, text("import.too_large")};
  if (xlsx::is_workbook(bytes)) {
    auto rows = xlsx::read_workbook(bytes);
    if (!rows) return std::move(rows).error();
    return FileRows{.encoding = "XLSX", .rows = std::move(*rows)};
  }
  auto decoded = decode_text(bytes);
  if (!decoded) return std::move(decoded).error();
  Csv csv = read_csv(decoded->text);
  return FileRows{
      .encoding = std::move(decoded->encoding), .rows = std::move(csv.rows), .open_quote = csv.open_quote};
}

}  // namespace tongke::school::exchange
