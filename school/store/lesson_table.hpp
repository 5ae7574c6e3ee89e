#pragma once

#include <vector>

#include "base/result.hpp"
#include "school/lessons.hpp"

namespace tongke::school::store {

/// @errors io
[[nodiscard]] base::Result<std::vector<Lesson>> load_lessons(Store& store);
/// Inserts, or replaces the one with the same id.  @errors io
[[nodiscard]] base::Result<void> save_lesson(Store& store, const Lesson& lesson);

}  // namespace tongke::school::store
