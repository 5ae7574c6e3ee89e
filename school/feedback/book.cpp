#include "school/feedback/book.hpp"

#include <algorithm>
#include <utility>

#include "school/crypto.hpp"
#include "school/store/feedback_table.hpp"

namespace tongke::school::feedback {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kIdBytes = 12;

Error no_ticket() { return {Errc::not_found, "no such ticket"}; }

/// Changes a ticket that is not closed, and keeps it.
template <class Change>
Result<Feedback> change(store::Store& store, const std::string& id, const May& may, Change change) {
  auto said = store::load_feedback(store, id);
  if (!said) return std::move(said).error();
  if (!*said || !(*said)->ticket || !may(**said)) return no_ticket();
  Feedback changed = std::move(**said);
  if (changed.ticket->state() == Ticket::State::closed) return Error{Errc::conflict, "it is closed", "state"};
  if (const Result<void> done = change(changed); !done) return Error(done.error());
  if (auto saved = store::save_feedback(store, changed); !saved) return std::move(saved).error();
  return changed;
}

}  // namespace

Result<Feedback> give(store::Store& store, const people::Directory& people, Feedback said,
                      const timetable::Zone& zone) {
  if (auto fine = check_text(said.text, "text"); !fine) return std::move(fine).error();
  const auto* in_class = people.find(said.original_class);
  if (!in_class) return Error{Errc::not_found, "no such class"};
  said.week = timetable::Week::of(zone.local(said.said).date);
  const auto earlier = store::load_feedback_of(store, said.pupil);
  if (!earlier) return Error(earlier.error());
  const bool of_week = said.lesson.empty();
  const auto is_said = [&](const Feedback& one) {
    return one.lesson == said.lesson && (!of_week || one.week == said.week);
  };
  if (std::ranges::any_of(*earlier, is_said))
    return Error{Errc::conflict, "said already", of_week ? "week" : "lesson"};
  said.id = crypto::base64url(crypto::random_bytes(kIdBytes));
  if (const auto desk = desk_for(people, *in_class, said.taps, said.text))
    said.ticket = Ticket{.owner = *desk, .since = said.said, .due = due_of(*desk, said.said, zone)};
  if (auto saved = store::save_feedback(store, said); !saved) return std::move(saved).error();
  return said;
}

Result<Feedback> answer(store::Store& store, const std::string& id, const May& may, std::string text,
                        people::StaffId by, base::WallTime now) {
  return change(store, id, may, [&](Feedback& said) -> Result<void> {
    if (text.empty()) return Error{Errc::invalid, "nothing is said", "text"};
    if (auto fine = check_text(text, "text"); !fine) return fine;
    said.ticket->answer = std::move(text);
    said.ticket->by = by;
    said.ticket->answered = now;
    return {};
  });
}

Result<Feedback> pass_on(store::Store& store, const people::Directory& people, const std::string& id,
                         const May& may, Desk to, base::WallTime now) {
  return change(store, id, may, [&](Feedback& said) -> Result<void> {
    const auto* in_class = people.find(said.original_class);
    if (!in_class || !has_desk(people, *in_class, to))
      return Error{Errc::conflict, "the school has nobody there", "to"};
    said.ticket->owner = to;
    said.ticket->since = now;
    return {};
  });
}

Result<Feedback> close(store::Store& store, const std::string& id, const May& may, base::WallTime now) {
  return change(store, id, may, [&](Feedback& said) -> Result<void> {
    if (said.ticket->state() != Ticket::State::answered)
      return Error{Errc::conflict, "it has to be answered first", "state"};
    said.ticket->closed = now;
    return {};
  });
}

}  // namespace tongke::school::feedback
