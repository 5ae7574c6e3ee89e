#include "relay/http/api/access.hpp"

#include <algorithm>

namespace tongke::relay::http::api {

std::optional<std::string_view> bearer_token(const Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.header("Authorization");
  if (!header || !header->starts_with(kBearer)) return std::nullopt;
  return header->substr(kBearer.size());
}

std::string presented_token(const Request& request) {
  if (const auto bearer = bearer_token(request)) return std::string(*bearer);
  return request.query("token").value_or("");
}

base::Result<school::Token> require(const Request& request, const school::TokenSigner& signer,
                                    const std::string& lesson, std::initializer_list<school::Role> roles) {
  auto token = signer.verify(presented_token(request), base::wall_now());
  if (!token || token->lesson != lesson || std::ranges::find(roles, token->role) == roles.end()) {
    return base::Error{base::Errc::not_found, "no such lesson"};
  }
  return *token;
}

Response refused(const base::Error& error) {
  if (error.kind == base::Errc::forbidden && !error.field.empty())
    return problem(403, error.field, error.message);
  return problem(error);
}

}  // namespace tongke::relay::http::api
