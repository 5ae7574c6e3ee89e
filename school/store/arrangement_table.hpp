#pragma once

#include <vector>

#include "base/result.hpp"
#include "school/rooms.hpp"
#include "school/store/store.hpp"

namespace tongke::school::store {

/// Those of lessons that have a mode, a room or a lead.  @errors io
[[nodiscard]] base::Result<std::vector<Arrangement>> load_arrangements(Store& store);
/// Replaces what the lesson had, all or nothing.  @errors io
[[nodiscard]] base::Result<void> save_arrangement(Store& store, const Arrangement& arrangement);

}  // namespace tongke::school::store
