#include "relay/http/api/access.hpp"

#include <algorithm>

#include "relay/http/api/office_cookie.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::http::api {
namespace {

constexpr std::string_view kDeviceCookie = "tongke-device";
constexpr std::size_t kLongestAddress = 64;
constexpr std::size_t kDeviceBytes = 12;

/// As we make them: what somebody else put there is no name.
bool is_device_name(std::string_view name) {
  return name.size() == kDeviceBytes * 4 / 3 && std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                  c == '_';
         });
}

}  // namespace

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

std::string_view client_address(const Request& request) {
  const std::string_view peer = request.peer();
  if (peer != "127.0.0.1" && peer != "::1" && peer != "::ffff:127.0.0.1") return peer;
  auto forwarded = request.header("X-Forwarded-For").value_or("");
  if (const auto last = forwarded.rfind(','); last != std::string_view::npos)
    forwarded.remove_prefix(last + 1);
  while (forwarded.starts_with(' ')) forwarded.remove_prefix(1);
  return forwarded.empty() || forwarded.size() > kLongestAddress ? peer : forwarded;
}

school::links::Device device_of(const Request& request) {
  const auto cookies = request.header("Cookie");
  const auto name = cookies ? cookie_value(*cookies, kDeviceCookie) : std::nullopt;
  return {.name = name && is_device_name(*name) ? *name : std::string_view(),
          .address = client_address(request)};
}

std::string new_device_cookie(bool secure) {
  std::string cookie(kDeviceCookie);
  cookie += '=';
  cookie += school::crypto::base64url(school::crypto::random_bytes(kDeviceBytes));
  cookie += "; Path=/; HttpOnly; SameSite=Lax; Max-Age=15552000";
  if (secure) cookie += "; Secure";
  return cookie;
}

Response refused(const base::Error& error) {
  if (error.kind == base::Errc::forbidden && !error.field.empty())
    return problem(403, error.field, error.message);
  return problem(error);
}

}  // namespace tongke::relay::http::api
