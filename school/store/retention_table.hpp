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
/// Appends a line: number and chain are made here, from the last line's.
[[nodiscard]] base::Result<retention::Deletion> append_deletion(Store& store, retention::Deletion line);
/// @}

}  // namespace tongke::school::store
