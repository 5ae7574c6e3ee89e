#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/feedback/feedback.hpp"
#include "school/store/store.hpp"

/// Families' feedback, with its tickets, as rows. Those of an erased child go with it (people_table).
/// @errors of all: io
namespace tongke::school::store {

[[nodiscard]] base::Result<std::optional<feedback::Feedback>> load_feedback(Store& store,
                                                                            const std::string& id);
/// Of a child, newest first.
[[nodiscard]] base::Result<std::vector<feedback::Feedback>> load_feedback_of(Store& store,
                                                                             people::PupilId pupil);
/// Those with a ticket of a school, or of all when there is none: not closed, by when they are due;
/// or closed, the last first. At most `limit`.
[[nodiscard]] base::Result<std::vector<feedback::Feedback>> load_tickets(Store& store,
                                                                         people::SchoolId school, bool closed,
                                                                         std::size_t limit);
/// A new one, or what became of its ticket.
[[nodiscard]] base::Result<void> save_feedback(Store& store, const feedback::Feedback& said);
/// Deletes what was said before that moment, but for tickets that wait still.  @return how many rows
[[nodiscard]] base::Result<std::size_t> drop_feedback(Store& store, base::WallTime before);

}  // namespace tongke::school::store
