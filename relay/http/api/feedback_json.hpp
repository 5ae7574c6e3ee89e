#pragma once

#include <nlohmann/json.hpp>

#include "relay/http/api/office.hpp"
#include "school/feedback/feedback.hpp"

namespace tongke::relay::http::api {

/// By what tickets are shown: whose turn each is hangs on who is there, on the rule and on the hour.
struct TicketView {
  const school::people::Directory& people;
  const school::feedback::Rule& rule;
  base::WallTime now{};
};
/// What a family said and what became of it, as the family sees it: no name of who answered.  Pure.
[[nodiscard]] nlohmann::json feedback_json(const school::feedback::Feedback& said, const TicketView& view);
/// The same as a line of the board, with whose child it is where the visitor may read that, who holds it,
/// and what he may do with it.  @pre it has a ticket; the view's people are the visitor's
[[nodiscard]] nlohmann::json ticket_json(const Visitor& visitor, const school::feedback::Feedback& said,
                                         const TicketView& view);

}  // namespace tongke::relay::http::api
