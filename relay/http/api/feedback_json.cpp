#include "relay/http/api/feedback_json.hpp"

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"

namespace tongke::relay::http::api {

using nlohmann::json;
using school::feedback::Desk;
using school::feedback::Feedback;
using school::feedback::Ticket;
namespace feedback = school::feedback;
namespace people = school::people;

namespace {

/// As given, where the class is no longer there.  @pre it has a ticket
feedback::Holding holding_of(const Feedback& said, const TicketView& view) {
  const auto* in_class = view.people.find(said.original_class);
  if (!in_class) return {.desk = said.ticket->owner, .since = said.ticket->since};
  return feedback::holding(*said.ticket, view.people, *in_class, view.rule, view.now);
}

/// Who that is, where it is one person.
const people::Staff* holder_of(const Feedback& said, Desk desk, const people::Directory& people) {
  if (desk == Desk::principal) return feedback::principal_of(people, said.school);
  const auto* in_class = desk == Desk::homeroom ? people.find(said.original_class) : nullptr;
  return in_class ? people.find(in_class->homeroom) : nullptr;
}

/// @param held  whose turn the ticket is, if there is one
json said_json(const Feedback& said, const TicketView& view, const feedback::Holding& held) {
  const bool of_lesson = !said.lesson.empty();
  json out = {{"week", school::timetable::format_date(said.week.monday)},
              {"lesson", of_lesson ? json{{"id", said.lesson}, {"title", said.lesson_title}} : json(nullptr)},
              {"picture", to_string(said.taps.picture)},
              {"sound", to_string(said.taps.sound)},
              {"pace", to_string(said.taps.pace)},
              {"text", said.text},
              {"said_at", wall_json(said.said)},
              {"ticket", nullptr}};
  if (!said.ticket) return out;
  const Ticket& ticket = *said.ticket;
  const bool answered = ticket.answered != base::WallTime();
  out["ticket"] = {
      {"state", to_string(ticket.state())},
      {"owner", to_string(held.desk)},
      {"since", wall_json(held.since)},
      {"next", held.next ? json{{"desk", to_string(held.next->desk)}, {"at", wall_json(held.next->at)}}
                         : json(nullptr)},
      {"due_at", wall_json(ticket.due)},
      {"overdue", feedback::is_overdue(ticket, view.now)},
      {"answer", answered ? json(ticket.answer) : json(nullptr)},
      {"answered_at", answered ? wall_json(ticket.answered) : json(nullptr)}};
  return out;
}

}  // namespace

json feedback_json(const Feedback& said, const TicketView& view) {
  return said_json(said, view, said.ticket ? holding_of(said, view) : feedback::Holding());
}

json ticket_json(const Visitor& visitor, const Feedback& said, const TicketView& view) {
  const auto& district = view.people;
  const auto* in_class = district.find(said.original_class);
  const auto* pupil = feedback::may_read(district, visitor.asker, said) ? district.find(said.pupil) : nullptr;
  const auto held = holding_of(said, view);
  json out = said_json(said, view, held);
  out["id"] = said.id;
  out["school"] = brief_json(district.find(said.school));
  out["class"] = brief_json(in_class);
  out["pupil"] = pupil
                     ? json{{"id", pupil->public_id.view()}, {"name", pupil->name}, {"number", pupil->number}}
                     : json(nullptr);
  out["holder"] = brief_json(holder_of(said, held.desk, district));
  out["answered_by"] = brief_json(district.find(said.ticket->by));
  out["may_answer"] = feedback::may_answer(district, visitor.asker, said);
  out["desks"] = json::array();  // that it can be passed on to
  for (const Desk desk : {Desk::office, Desk::homeroom, Desk::technician, Desk::principal}) {
    if (desk != held.desk && in_class && feedback::has_desk(district, *in_class, desk))
      out["desks"].push_back(to_string(desk));
  }
  return out;
}

}  // namespace tongke::relay::http::api
