#pragma once

#include <vector>

#include "base/result.hpp"
#include "relay/app/retention_search.hpp"
#include "school/retention/deletion.hpp"
#include "school/store/store.hpp"

/// The part of the daily job that is rows of the store.  @thread the store's
namespace tongke::relay::app {

/// Spot checks whose time is over, those of held lessons among them.  @errors io
[[nodiscard]] base::Result<std::vector<RetentionTask>> find_due_rows(school::store::Store& store,
                                                                     const RetentionSearch& search);

/// Deletes those that are not held, and what has no lesson: air time, the access log and feedback.
/// @param only_say  deletes nothing, and looks at what has a lesson only
/// @return a line of the deletion log for each thing that went, or would
/// @errors io
[[nodiscard]] base::Result<std::vector<school::retention::Deletion>> drop_rows(
    school::store::Store& store, const RetentionSearch& search, const std::vector<RetentionTask>& due,
    bool only_say);

}  // namespace tongke::relay::app
