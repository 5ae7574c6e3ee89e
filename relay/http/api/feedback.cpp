#include "relay/http/api/feedback.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "relay/http/api/feedback_json.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/on_store.hpp"
#include "school/feedback/book.hpp"
#include "school/store/feedback_table.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::feedback::Feedback;
using school::store::Store;
namespace feedback = school::feedback;
namespace people = school::people;

using Shared = std::shared_ptr<const FeedbackRoutes>;

/// Tickets that one look at the board goes through: a district's that nobody answers for weeks.
constexpr std::size_t kMostTickets = 5'000;
constexpr std::size_t kMostClosed = 200;

// ---- the family ----

void show(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Pupil* pupil = visitor.pupil(request);
  if (!pupil || !visitor.asker.home ||
      visitor.may(Act::see_tickets, school::about(*visitor.people, *pupil)) != Verdict::yes)
    return responder.fail(nothing_here());
  on_store<std::vector<Feedback>>(
      use->office, std::move(responder),
      [id = pupil->id](Store& store) { return school::store::load_feedback_of(store, id); },
      [zone = use->zone](const std::vector<Feedback>& all) {
        const auto now = base::wall_now();
        const auto week = school::timetable::Week::of(zone.local(now).date);
        json items = json::array();
        for (const Feedback& said : all) items.push_back(feedback_json(said, now));
        return json_response({{"week", school::timetable::format_date(week.monday)},
                              {"said", std::ranges::count(all, week, &Feedback::week) > 0},
                              {"items", std::move(items)}});
      });
}

Result<Feedback> said_in(const json& body) {
  Feedback said;
  const auto read = [&](const char* name, auto& tap, auto from) -> Result<void> {
    const auto word = text_field(body, name);
    if (!word) return word.error();
    const auto known = from(*word);
    if (!known) return Error{Errc::invalid, "none of the answers there are", name};
    tap = *known;
    return {};
  };
  if (auto fine = read("picture", said.taps.picture, feedback::mark_from); !fine) return fine.error();
  if (auto fine = read("sound", said.taps.sound, feedback::mark_from); !fine) return fine.error();
  if (auto fine = read("pace", said.taps.pace, feedback::pace_from); !fine) return fine.error();
  if (!body.contains("text")) return said;
  auto text = text_field(body, "text");
  if (!text) return std::move(text).error();
  said.text = std::move(*text);
  return said;
}

void give(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Pupil* pupil = visitor.pupil(request);
  if (!pupil || visitor.may(Act::give_feedback, school::about(*visitor.people, *pupil)) != Verdict::yes)
    return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  auto said = said_in(*body);
  if (!said) return responder.fail(said.error());
  said->pupil = pupil->id;
  said->school = pupil->school;
  said->original_class = pupil->original_class;
  said->said = base::wall_now();
  on_store<Feedback>(
      use->office, std::move(responder),
      [said = std::move(*said), &keeper = use->office.people,
       zone = use->zone](Store& store) -> Result<Feedback> {
        const auto people = keeper.current();
        if (!people->find(said.pupil)) return nothing_here();  // erased meanwhile
        return feedback::give(store, *people, said, zone);
      },
      [](const Feedback& kept) { return json_response(feedback_json(kept, base::wall_now()), 201); });
}

// ---- the school ----

json board_json(const Visitor& visitor, std::vector<Feedback> all, const Page& page) {
  std::erase_if(all, [&](const Feedback& said) {
    return !feedback::may_read(*visitor.people, visitor.asker, said) &&
           !feedback::may_answer(*visitor.people, visitor.asker, said);
  });
  const auto now = base::wall_now();
  const auto waiting = [](const Feedback& said) {
    return said.ticket->state() == feedback::Ticket::State::open;
  };
  const auto overdue = [&](const Feedback& said) { return feedback::is_overdue(*said.ticket, now); };
  json items = json::array();
  const std::size_t first = std::min<std::size_t>(page.after, all.size());
  const std::size_t last = std::min(first + page.limit, all.size());
  for (std::size_t i = first; i < last; ++i) items.push_back(ticket_json(visitor, all[i], now));
  return {{"items", std::move(items)},
          {"next", last < all.size() ? json(std::to_string(last)) : json(nullptr)},
          {"waiting", std::ranges::count_if(all, waiting)},
          {"overdue", std::ranges::count_if(all, overdue)}};
}

/// The look is in the access log before anything of it is seen.
void board(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Staff* staff = visitor.people->find(visitor.asker.staff);
  const bool reads = school::may_somewhere(*visitor.people, visitor.asker, Act::see_tickets);
  if (!reads && !school::may_somewhere(*visitor.people, visitor.asker, Act::answer_tickets))
    return responder.fail(nothing_here());
  const auto page = page_of(request);
  if (!page) return responder.fail(page.error());
  const std::string state = request.query("state").value_or("open");
  if (state != "open" && state != "closed") return responder.fail({Errc::invalid, "open or closed", "state"});
  const auto school = staff->school;
  const auto entry = access_of(visitor, reads ? Act::see_tickets : Act::answer_tickets, {.school = school});
  on_store<std::vector<Feedback>>(
      use->office, std::move(responder),
      [school, closed = state == "closed", entry,
       &log = use->office.access_log](Store& store) -> Result<std::vector<Feedback>> {
        if (auto noted = log.note(store, entry); !noted) return std::move(noted).error();
        return school::store::load_tickets(store, school, closed, closed ? kMostClosed : kMostTickets);
      },
      [visitor, page = *page](std::vector<Feedback> all) {
        return json_response(board_json(visitor, std::move(all), page));
      });
}

/// Changes a ticket and says it as it is then.
template <class Change>
void change(const Shared& use, const Visitor& visitor, const Request& request, Responder responder,
            Change change) {
  const feedback::May may = [visitor](const Feedback& said) {
    return feedback::may_answer(*visitor.people, visitor.asker, said);
  };
  on_store<Feedback>(
      use->office, std::move(responder),
      [id = std::string(request.param("ticket")), may, change = std::move(change)](Store& store) {
        return change(store, id, may);
      },
      [visitor](const Feedback& said) {
        return json_response(ticket_json(visitor, said, base::wall_now()));
      });
}

void answer(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto text = text_field(*body, "text");
  if (!text) return responder.fail(text.error());
  change(use, visitor, request, std::move(responder),
         [text = *text, by = visitor.asker.staff](Store& store, const std::string& id, const auto& may) {
           return feedback::answer(store, id, may, text, by, base::wall_now());
         });
}

void pass_on(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto to = text_field(*body, "to");
  if (!to) return responder.fail(to.error());
  const auto desk = feedback::desk_from(*to);
  if (!desk) return responder.fail({Errc::invalid, "office, homeroom or technician", "to"});
  change(use, visitor, request, std::move(responder),
         [desk = *desk, people = visitor.people](Store& store, const std::string& id, const auto& may) {
           return feedback::pass_on(store, *people, id, may, desk);
         });
}

void close(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  change(use, visitor, request, std::move(responder),
         [](Store& store, const std::string& id, const auto& may) {
           return feedback::close(store, id, may, base::wall_now());
         });
}

}  // namespace

void add_feedback_routes(Server& server, const FeedbackRoutes& routes) {
  const auto use = std::make_shared<const FeedbackRoutes>(routes);
  const auto with = [&](auto handler) {
    return [use, handler](const Office& /*office*/, const Visitor& visitor,
                          const std::shared_ptr<const Request>& request,
                          Responder responder) { handler(use, visitor, *request, std::move(responder)); };
  };
  add_office_routes(server, use->office, Where::worker,
                    {{"GET", "/api/v1/pupils/{pupil}/feedback", with(show)},
                     {"POST", "/api/v1/pupils/{pupil}/feedback", with(give)}});
  add_staff_routes(server, use->office, Where::worker,
                   {{"GET", "/api/v1/tickets", with(board)},
                    {"POST", "/api/v1/tickets/{ticket}/answer", with(answer)},
                    {"POST", "/api/v1/tickets/{ticket}/pass", with(pass_on)},
                    {"POST", "/api/v1/tickets/{ticket}/close", with(close)}});
}

}  // namespace tongke::relay::http::api
