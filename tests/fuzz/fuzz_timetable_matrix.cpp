#include <cstdlib>
#include <string_view>

#include "school/timetable/import_matrix.hpp"
#include "tests/fuzz/cells.hpp"

using namespace tongke::school::timetable;

// Lines of cells split by tabs, \r for a new line within a cell. Every line that comes out has the
// header's columns, says what it is for, and comes from a cell that is there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lines =
      tongke::tests::split_cells(std::string_view(reinterpret_cast<const char*>(data), size), '\n');
  const auto result = unroll_matrix(lines);
  if (!result) return 0;
  if (result->lines.size() != result->origins.size() || result->lines.empty()) std::abort();
  const std::size_t columns = result->lines.front().size();
  for (std::size_t i = 1; i < result->lines.size(); ++i) {
    const auto& line = result->lines[i];
    const auto& origin = result->origins[i];
    if (line.size() != columns || line[2].empty()) std::abort();
    if (origin.line < 1 || origin.line > lines.size() || origin.column < 1) std::abort();
  }
  return 0;
}
