#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/lessons.hpp"

namespace tongke::school::store {

/// @errors io
[[nodiscard]] base::Result<std::vector<Lesson>> load_lessons(Store& store);
/// Inserts, or replaces the one with the same id.  @errors io
[[nodiscard]] base::Result<void> save_lesson(Store& store, const Lesson& lesson);
/// With its rooms, leads and plan.  @errors io
[[nodiscard]] base::Result<void> remove_lesson(Store& store, const std::string& id);

}  // namespace tongke::school::store
