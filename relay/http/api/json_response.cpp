#include "relay/http/api/json_response.hpp"

#include <string>

namespace tongke::relay::http::api {

Response json_response(const nlohmann::json& body, int status) {
  const std::string text = body.dump();
  Response response;
  response.status = status;
  response.content_type = "application/json; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body.emplace_back(std::vector<std::uint8_t>(text.begin(), text.end()));
  return response;
}

nlohmann::json wall_json(const std::optional<base::WallTime>& at) {
  return at ? nlohmann::json(at->time_since_epoch().count()) : nlohmann::json(nullptr);
}

}  // namespace tongke::relay::http::api
