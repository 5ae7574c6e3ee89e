#include "relay/http/api/access.hpp"

#include <algorithm>

namespace tongke::relay::http::api {

base::Result<school::Token> require(const Request& request, const school::TokenSigner& signer,
                                    const std::string& lesson, std::initializer_list<school::Role> roles) {
  constexpr std::string_view kBearer = "Bearer ";
  std::string text;
  if (const auto header = request.header("Authorization"); header && header->starts_with(kBearer)) {
    text = header->substr(kBearer.size());
  } else {
    text = request.query("token").value_or("");
  }
  auto token = signer.verify(text, base::wall_now());
  if (!token || token->lesson != lesson || std::ranges::find(roles, token->role) == roles.end()) {
    return base::Error{base::Errc::not_found, "no such lesson"};
  }
  return *token;
}

}  // namespace tongke::relay::http::api
