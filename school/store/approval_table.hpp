#pragma once

#include <vector>

#include "school/approvals.hpp"
#include "school/store/store.hpp"

/// The wishes of school/approvals in the database.  @errors of all: io
namespace tongke::school::store {

/// The oldest first.
[[nodiscard]] base::Result<std::vector<Approval>> load_approvals(Store& store);
/// A new one, or an answer to it.
[[nodiscard]] base::Result<void> save_approval(Store& store, const Approval& wish);
/// Those asked for at or before `limit`.
[[nodiscard]] base::Result<void> drop_approvals(Store& store, base::WallTime limit);

}  // namespace tongke::school::store
