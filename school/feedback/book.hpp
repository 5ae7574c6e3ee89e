#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "school/feedback/feedback.hpp"
#include "school/store/store.hpp"

/// Feedback as it is kept, and what is done with its tickets.  @thread of all: the store thread
namespace tongke::school::feedback {

/// Keeps what a family said, once a week a child, and once a lesson; id, week and ticket are filled in.
/// @errors invalid (field "text"); conflict (field "week" or "lesson"): said already; not_found: no such
///         class; io
[[nodiscard]] base::Result<Feedback> give(store::Store& store, const people::Directory& people, Feedback said,
                                          const timetable::Zone& zone);

/// Whether the one who asks may do it; who may not is told that there is nothing.
using May = std::function<bool(const Feedback& said)>;
/// In place of an earlier answer, as long as the ticket is not closed.
/// @errors not_found; invalid (field "text"): empty, or as check_text(); conflict: closed; io
[[nodiscard]] base::Result<Feedback> answer(store::Store& store, const std::string& id, const May& may,
                                            std::string text, people::StaffId by, base::WallTime now);
/// To another desk, which has it from now on; when it is due stays.
/// @errors not_found; conflict: closed (field "state"), nobody there (field "to"); io
[[nodiscard]] base::Result<Feedback> pass_on(store::Store& store, const people::Directory& people,
                                             const std::string& id, const May& may, Desk to,
                                             base::WallTime now);
/// @errors not_found; conflict (field "state"): not answered yet, or closed already; io
[[nodiscard]] base::Result<Feedback> close(store::Store& store, const std::string& id, const May& may,
                                           base::WallTime now);

}  // namespace tongke::school::feedback
