#pragma once

#include "relay/http/api/office.hpp"
#include "school/feedback/feedback.hpp"

namespace tongke::relay::http::api {

/// What families say of a week, once a child, and of a lesson after it: GET and POST
/// /api/v1/pupils/{pupil}/feedback; of the lesson alone by its own link, GET and POST
/// /api/v1/watch/{link}/feedback. The tickets that follow, for those who answer them: GET /api/v1/tickets,
/// POST /api/v1/tickets/{ticket}/answer, …/pass and …/close.
struct FeedbackRoutes {
  const Office& office;
  school::feedback::Rule rule;
};
void add_feedback_routes(Server& server, const FeedbackRoutes& use);
void add_ticket_routes(Server& server, const FeedbackRoutes& use);

}  // namespace tongke::relay::http::api
