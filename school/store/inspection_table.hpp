#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/inspection/inspections.hpp"

/// Draws and spot checks as rows. All of it: @errors io
namespace tongke::school::store {

/// The draw that is still to be made.
[[nodiscard]] base::Result<std::optional<inspection::Draw>> load_next_draw(Store& store);
[[nodiscard]] base::Result<std::optional<inspection::Draw>> load_draw(Store& store, const std::string& id);
/// Made ones, newest first, without what was on air.
[[nodiscard]] base::Result<std::vector<inspection::Draw>> load_draws(Store& store, std::size_t limit);
/// A new one, or one that is made now.
[[nodiscard]] base::Result<void> save_draw(Store& store, const inspection::Draw& draw);

/// The same person's at the same lesson of the same draw.
[[nodiscard]] base::Result<std::optional<inspection::SpotCheck>> load_unsigned_check(
    Store& store, const inspection::SpotCheck& like);
[[nodiscard]] base::Result<std::optional<inspection::SpotCheck>> load_check(Store& store,
                                                                            const std::string& id);
/// Newest first.
[[nodiscard]] base::Result<std::vector<inspection::SpotCheck>> load_checks(
    Store& store, const inspection::CheckQuery& query);
[[nodiscard]] base::Result<void> save_check(Store& store, const inspection::SpotCheck& check,
                                            const std::vector<inspection::Still>& stills);
[[nodiscard]] base::Result<std::vector<inspection::Still>> load_stills(Store& store,
                                                                       const std::string& check);

/// Signed, or begun and never signed, before a moment; the oldest first.
[[nodiscard]] base::Result<std::vector<inspection::SpotCheck>> load_checks_before(Store& store,
                                                                                  base::WallTime before);
/// With its stills, within the caller's transaction.
[[nodiscard]] base::Result<void> remove_check(Store& store, const std::string& id);

}  // namespace tongke::school::store
