#include "school/exchange/xlsx/sheet_reader.hpp"
#include "school/exchange/xlsx/workbook.hpp"

using namespace tongke;
using namespace tongke::school::exchange;

// Any bytes are a workbook or an error; as a sheet's XML too, which checksums would hide from the search.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(xlsx::read_workbook({data, size}));
  const xlsx::Workbook book{.strings = {"a", "b"}, .shows = {xlsx::Show::number, xlsx::Show::moment}};
  xlsx::SheetReader reader(book);
  static_cast<void>(xlsx::read_xml({reinterpret_cast<const char*>(data), size}, reader.handler()));
  std::size_t line = 0;
  for (const CsvRow& row : reader.take_rows()) {
    if (row.line <= line || row.fields.size() > kMaxFields) __builtin_trap();
    line = row.line;
  }
  return 0;
}
