#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "school/access_log.hpp"

namespace tongke::school::store {

/// The highest id so far; 0 = none.  @errors io
[[nodiscard]] base::Result<std::uint64_t> last_access(Store& store);
/// @errors io
[[nodiscard]] base::Result<void> save_access(Store& store, const Access& entry);
/// @errors io
[[nodiscard]] base::Result<std::vector<Access>> load_accesses(Store& store, const AccessLog::Query& query);

/// Deletes what was noted before that moment.  @return how many rows  @errors io
[[nodiscard]] base::Result<std::size_t> drop_accesses(Store& store, base::WallTime before);

}  // namespace tongke::school::store
