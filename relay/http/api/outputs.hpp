#pragma once

#include "relay/http/api/office.hpp"
#include "relay/output/outputs.hpp"

namespace tongke::relay::http::api {

/// GET and POST /api/v1/lessons/{id}/outputs, DELETE /api/v1/lessons/{id}/outputs/{destination}, PUT and
/// DELETE …/{destination}/cut: where a lesson is sent to outside, and whether a slate goes out in its
/// place. Only who may manage the lesson; nothing is sent unless asked for.
struct OutputRoutes {
  const Office& office;
  output::Outputs& outputs;  ///< control's
};
void add_output_routes(Server& server, const OutputRoutes& use);

}  // namespace tongke::relay::http::api
