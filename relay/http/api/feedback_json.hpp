#pragma once

#include <nlohmann/json.hpp>

#include "relay/http/api/office.hpp"
#include "school/feedback/feedback.hpp"

namespace tongke::relay::http::api {

/// What a family said and what became of it, as the family sees it: no name of who answered.  Pure.
[[nodiscard]] nlohmann::json feedback_json(const school::feedback::Feedback& said, base::WallTime now);
/// The same as a line of the board, with whose child it is where the visitor may read that, and what he
/// may do with it.  @pre it has a ticket
[[nodiscard]] nlohmann::json ticket_json(const Visitor& visitor, const school::feedback::Feedback& said,
                                         base::WallTime now);

}  // namespace tongke::relay::http::api
