#include <cstdlib>

#include "school/exchange/csv.hpp"
#include "school/exchange/encoding.hpp"

using namespace tongke;
using namespace tongke::school::exchange;

// Any bytes are a table or an error; and what is read, written and read again is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto decoded = decode_text({data, size});
  if (!decoded) return 0;
  const Csv csv = read_csv(decoded->text);
  std::string again;
  for (const auto& row : csv.rows) write_csv_row(again, row.fields);
  const Csv reread = read_csv(again, ',');
  if (reread.open_quote || reread.rows.size() != csv.rows.size()) std::abort();
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    if (reread.rows[i].fields != csv.rows[i].fields) std::abort();
  }
  return 0;
}
