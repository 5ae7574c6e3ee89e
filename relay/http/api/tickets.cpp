#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "relay/http/api/feedback.hpp"
#include "relay/http/api/feedback_json.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/on_store.hpp"
#include "relay/http/api/with.hpp"
#include "school/feedback/book.hpp"
#include "school/store/feedback_table.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Result;
using nlohmann::json;
using school::Act;
using school::feedback::Feedback;
using school::store::Store;
namespace feedback = school::feedback;
namespace people = school::people;

using Shared = std::shared_ptr<const FeedbackRoutes>;

/// Tickets that one look at the board goes through: a district's that nobody answers for weeks.
constexpr std::size_t kMostTickets = 5'000;
constexpr std::size_t kMostClosed = 200;

TicketView view_of(const Shared& use, const Visitor& visitor) {
  return {.people = *visitor.people, .rule = use->rule, .now = base::wall_now()};
}

json board_json(const Visitor& visitor, const TicketView& view, std::vector<Feedback> all, const Page& page) {
  std::erase_if(all, [&](const Feedback& said) {
    return !feedback::may_read(*visitor.people, visitor.asker, said) &&
           !feedback::may_answer(*visitor.people, visitor.asker, said);
  });
  const auto waiting = [](const Feedback& said) {
    return said.ticket->state() == feedback::Ticket::State::open;
  };
  const auto overdue = [&](const Feedback& said) { return feedback::is_overdue(*said.ticket, view.now); };
  json items = json::array();
  const std::size_t first = std::min<std::size_t>(page.after, all.size());
  const std::size_t last = std::min(first + page.limit, all.size());
  for (std::size_t i = first; i < last; ++i) items.push_back(ticket_json(visitor, all[i], view));
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
      [use, visitor, page = *page](std::vector<Feedback> all) {
        return json_response(board_json(visitor, view_of(use, visitor), std::move(all), page));
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
      [use, visitor](const Feedback& said) {
        return json_response(ticket_json(visitor, said, view_of(use, visitor)));
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
  if (!desk) return responder.fail({Errc::invalid, "office, homeroom, technician or principal", "to"});
  change(use, visitor, request, std::move(responder),
         [desk = *desk, people = visitor.people](Store& store, const std::string& id, const auto& may) {
           return feedback::pass_on(store, *people, id, may, desk, base::wall_now());
         });
}

void close(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  change(use, visitor, request, std::move(responder),
         [](Store& store, const std::string& id, const auto& may) {
           return feedback::close(store, id, may, base::wall_now());
         });
}

}  // namespace

void add_ticket_routes(Server& server, const FeedbackRoutes& routes) {
  const auto use = std::make_shared<const FeedbackRoutes>(routes);
  add_staff_routes(server, use->office, Where::worker,
                   {{"GET", "/api/v1/tickets", with(use, board)},
                    {"POST", "/api/v1/tickets/{ticket}/answer", with(use, answer)},
                    {"POST", "/api/v1/tickets/{ticket}/pass", with(use, pass_on)},
                    {"POST", "/api/v1/tickets/{ticket}/close", with(use, close)}});
}

}  // namespace tongke::relay::http::api
