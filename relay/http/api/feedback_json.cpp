#include "relay/http/api/feedback_json.hpp"

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"

namespace tongke::relay::http::api {

using nlohmann::json;
using school::feedback::Desk;
using school::feedback::Feedback;
using school::feedback::Ticket;
namespace feedback = school::feedback;

json feedback_json(const Feedback& said, base::WallTime now) {
  json out = {{"week", school::timetable::format_date(said.week.monday)},
              {"picture", to_string(said.taps.picture)},
              {"sound", to_string(said.taps.sound)},
              {"pace", to_string(said.taps.pace)},
              {"text", said.text},
              {"said_at", wall_json(said.said)},
              {"ticket", nullptr}};
  if (!said.ticket) return out;
  const Ticket& ticket = *said.ticket;
  const bool answered = ticket.answered != base::WallTime();
  out["ticket"] = {{"state", to_string(ticket.state())},
                   {"owner", to_string(ticket.owner)},
                   {"due_at", wall_json(ticket.due)},
                   {"overdue", feedback::is_overdue(ticket, now)},
                   {"answer", answered ? json(ticket.answer) : json(nullptr)},
                   {"answered_at", answered ? wall_json(ticket.answered) : json(nullptr)}};
  return out;
}

json ticket_json(const Visitor& visitor, const Feedback& said, base::WallTime now) {
  const auto& district = *visitor.people;
  const auto* in_class = district.find(said.original_class);
  const auto* pupil = feedback::may_read(district, visitor.asker, said) ? district.find(said.pupil) : nullptr;
  json out = feedback_json(said, now);
  out["id"] = said.id;
  out["school"] = brief_json(district.find(said.school));
  out["class"] = brief_json(in_class);
  out["pupil"] = pupil
                     ? json{{"id", pupil->public_id.view()}, {"name", pupil->name}, {"number", pupil->number}}
                     : json(nullptr);
  out["homeroom"] = brief_json(in_class ? district.find(in_class->homeroom) : nullptr);
  out["answered_by"] = brief_json(district.find(said.ticket->by));
  out["may_answer"] = feedback::may_answer(district, visitor.asker, said);
  out["desks"] = json::array();  // that it can be passed on to
  for (const Desk desk : {Desk::office, Desk::homeroom, Desk::technician}) {
    if (desk != said.ticket->owner && in_class && feedback::has_desk(district, *in_class, desk))
      out["desks"].push_back(to_string(desk));
  }
  return out;
}

}  // namespace tongke::relay::http::api
