#include "base/metrics.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/routes.hpp"

extern const char kOpenapiYaml[];  // docs/api/openapi.yaml

namespace tongke::relay::http::api {
namespace {

Response text_response(std::string content_type, const std::string& text) {
  Response response;
  response.content_type = std::move(content_type);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body.emplace_back(std::vector<std::uint8_t>(text.begin(), text.end()));
  return response;
}

}  // namespace

void add_operation_routes(Server& server, std::function<bool()> ready) {
  // On the worker: alive means that workers answer, whatever the control thread does.
  server.route("GET", "/healthz", Where::worker, [](const auto& /*request*/, Responder responder) {
    responder.send(json_response({{"ok", true}}));
  });
  server.route("GET", "/readyz", Where::control,
               [ready = std::move(ready)](const auto& /*request*/, Responder responder) {
                 const bool ok = ready();
                 responder.send(json_response({{"ready", ok}}, ok ? 200 : 503));
               });
  server.route("GET", "/metrics", Where::worker, [](const auto& /*request*/, Responder responder) {
    responder.send(text_response("text/plain; version=0.0.4; charset=utf-8", base::metrics::exposition()));
  });
  server.route("GET", "/api/openapi.yaml", Where::worker, [](const auto& /*request*/, Responder responder) {
    responder.send(text_response("application/yaml; charset=utf-8", kOpenapiYaml));
  });
}

}  // namespace tongke::relay::http::api
