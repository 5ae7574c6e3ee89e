#include "relay/http/api/json_body.hpp"

namespace tongke::relay::http::api {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

Result<json> json_body(const Request& request) {
  auto body = json::parse(base::as_text(request.body()), nullptr, false);
  if (!body.is_object()) return Error{Errc::invalid, "the body must be a JSON object"};
  return body;
}

Result<std::string> text_field(const json& body, const char* name) {
  const auto value = body.find(name);
  if (value == body.end() || !value->is_string()) return Error{Errc::invalid, "must be a string", name};
  return value->get<std::string>();
}

}  // namespace tongke::relay::http::api
