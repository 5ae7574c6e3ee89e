#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "school/timetable/validate.hpp"

namespace tongke::school::timetable {

/// What became of a wish to change a week. Nothing is stored here: the caller writes `week` when
/// it was accepted and shows `blocking` (422) when it was not.
struct Verdict {
  std::vector<Slot> week;  ///< as it is to be; unchanged when not accepted
  Findings findings;       ///< everything that is wrong with the wished-for week
  Findings blocking;       ///< the errors that stand in the way; empty: accepted
  [[nodiscard]] bool accepted() const { return blocking.empty(); }
};

/// When a row is to be.
struct NewTime {
  Weekday day{1};
  Minutes start{};
  std::optional<Minutes> length;  ///< as it was
};

/// Changes and looks at the whole week again. A change is accepted when it makes no rule broken
/// or more broken than before (so that a bad draft can be mended step by step), and no error
/// names a published row: starting from drafts, the published rows of a week break no rule.
/// @errors not_found: a row id that is not in the week; conflict: an id that is already
/// @{
[[nodiscard]] base::Result<Verdict> publish(const People& people, const RuleSettings& rules,
                                            std::vector<Slot> week, std::span<const SlotId> rows);
[[nodiscard]] base::Result<Verdict> unpublish(const People& people, const RuleSettings& rules,
                                              std::vector<Slot> week, std::span<const SlotId> rows);
[[nodiscard]] base::Result<Verdict> move(const People& people, const RuleSettings& rules,
                                         std::vector<Slot> week, SlotId row, NewTime when);
[[nodiscard]] base::Result<Verdict> add(const People& people, const RuleSettings& rules,
                                        std::vector<Slot> week, Slot slot);
[[nodiscard]] base::Result<Verdict> remove(const People& people, const RuleSettings& rules,
                                           std::vector<Slot> week, SlotId row);
/// @}

}  // namespace tongke::school::timetable
