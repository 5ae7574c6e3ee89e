#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "school/links/link_book.hpp"

namespace tongke::school::store {

struct LinkRows {
  std::vector<std::pair<links::Person, std::uint16_t>> versions = {};
  std::vector<std::pair<std::string, std::uint32_t>> seats = {};  ///< withdrawn, by lesson
};
/// @errors io
[[nodiscard]] base::Result<LinkRows> load_links(Store& store);
/// All or nothing; makes its own transaction.  @errors io
[[nodiscard]] base::Result<void> save_versions(
    Store& store, const std::vector<std::pair<links::Person, std::uint16_t>>& versions);
/// @errors io
[[nodiscard]] base::Result<void> save_withdrawn_seat(Store& store, const std::string& lesson,
                                                     std::uint32_t seat);

}  // namespace tongke::school::store
