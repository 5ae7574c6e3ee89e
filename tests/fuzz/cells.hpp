#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tongke::tests {

/// Lines of cells split by tabs.
/// @param inner  what \r stands for within a cell
inline std::vector<std::vector<std::string>> split_cells(std::string_view text, char inner) {
  std::vector<std::vector<std::string>> lines(1);
  lines.back().emplace_back();
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back(1);
    } else if (c == '\t') {
      lines.back().emplace_back();
    } else {
      lines.back().back().push_back(c == '\r' ? inner : c);
    }
  }
  return lines;
}

}  // namespace tongke::tests
