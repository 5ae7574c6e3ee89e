#include "relay/http/api/office_cookie.hpp"

#include <algorithm>

namespace tongke::relay::http::api {
namespace {

constexpr std::string_view kName = "tongke-session";

std::string cookie(std::string_view value, bool secure) {
  std::string text(kName);
  text += '=';
  text += value;
  text += "; Path=/; HttpOnly; SameSite=Strict";
  if (secure) text += "; Secure";
  return text;
}

}  // namespace

std::string set_session_cookie(std::string_view token, bool secure) { return cookie(token, secure); }

std::string clear_session_cookie(bool secure) { return cookie("", secure) + "; Max-Age=0"; }

std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name) {
  std::optional<std::string_view> found;
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(pair.size() + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (!pair.starts_with(name) || pair.substr(name.size(), 1) != "=") continue;
    if (found) return std::nullopt;  // somebody planted a second one
    found = pair.substr(name.size() + 1);
  }
  return found;
}

std::optional<std::string_view> session_cookie(const Request& request) {
  const auto header = request.header("Cookie");
  return header ? cookie_value(*header, kName) : std::nullopt;
}

}  // namespace tongke::relay::http::api
