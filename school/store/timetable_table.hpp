#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "school/schedule/timetable.hpp"
#include "school/store/store.hpp"

namespace tongke::school::store {

/// @errors io   @{
[[nodiscard]] base::Result<schedule::Timetable> load_timetable(Store& store);
[[nodiscard]] base::Result<std::int64_t> timetable_generation(Store& store);
/// Writes what `changes` made of `before`, which gives `after`.
/// @errors conflict: the store is not at `before`'s generation any more
[[nodiscard]] base::Result<void> save_timetable(Store& store, const schedule::Timetable& before,
                                                const schedule::Timetable& after,
                                                const schedule::Changes& changes);
/// @}

}  // namespace tongke::school::store
