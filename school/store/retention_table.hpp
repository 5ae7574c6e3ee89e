#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/retention/deletion.hpp"
#include "school/retention/holds.hpp"
#include "school/store/store.hpp"

namespace tongke::school::store {

/// @errors io   @{
[[nodiscard]] base::Result<std::vector<retention::Hold>> load_holds(Store& store);
[[nodiscard]] base::Result<void> save_hold(Store& store, const retention::Hold& hold);
[[nodiscard]] base::Result<void> remove_hold(Store& store, const std::string& lesson);
/// The oldest first.
[[nodiscard]] base::Result<std::vector<retention::Deletion>> load_deletions(Store& store);
/// The newest first: at most `limit` before the line `before` (0: the last ones).
[[nodiscard]] base::Result<std::vector<retention::Deletion>> load_deletions_before(Store& store,
                                                                                   std::uint32_t before,
                                                                                   std::size_t limit);
/// Appends a line: number and chain are made here, from the last line's.
[[nodiscard]] base::Result<retention::Deletion> append_deletion(Store& store, retention::Deletion line);
/// @}

}  // namespace tongke::school::store
