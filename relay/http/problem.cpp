#include <nlohmann/json.hpp>

#include "relay/http/server.hpp"

namespace tongke::relay::http {
namespace {

int status_of(base::Errc kind) {
  switch (kind) {
    case base::Errc::invalid:
    case base::Errc::protocol:
      return 400;
    case base::Errc::forbidden:
      return 403;
    case base::Errc::not_found:
      return 404;
    case base::Errc::conflict:
      return 409;
    case base::Errc::overload:
    case base::Errc::unavailable:
    case base::Errc::timeout:
      return 503;
    case base::Errc::io:
    case base::Errc::internal:
      return 500;
  }
  return 500;
}

}  // namespace

Response problem(int status, std::string_view code, std::string_view message, std::string_view field) {
  nlohmann::json error = {{"code", code}, {"message", message}};
  if (!field.empty()) error["field"] = field;
  // Messages quote input, which need not be UTF-8.
  const std::string text = nlohmann::json{{"error", std::move(error)}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.headers = {{"Cache-Control", "no-store"}};
  response.body = {base::SharedBytes({text.begin(), text.end()})};
  return response;
}

Response third_device() {
  return problem(
      403, "third_device",
      "this link plays on as many devices as it may: close it on one of them, wait half a minute and "
      "ask again; if they are not yours, have the teacher hand out a new link");
}

Response problem(const base::Error& error) {
  Response response = problem(status_of(error.kind), base::to_string(error.kind), error.message, error.field);
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace tongke::relay::http
