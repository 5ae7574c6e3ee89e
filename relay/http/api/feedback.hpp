#pragma once

#include "relay/http/api/office.hpp"
#include "school/timetable/when.hpp"

namespace tongke::relay::http::api {

/// What families say of a week, once a child: GET and POST /api/v1/pupils/{pupil}/feedback. The tickets
/// that follow, for those who answer them: GET /api/v1/tickets, POST /api/v1/tickets/{ticket}/answer,
/// …/pass and …/close.
struct FeedbackRoutes {
  const Office& office;
  school::timetable::Zone zone;
};
void add_feedback_routes(Server& server, const FeedbackRoutes& use);

}  // namespace tongke::relay::http::api
