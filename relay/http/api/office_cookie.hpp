#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "relay/http/server.hpp"

namespace tongke::relay::http::api {

/// The session's cookie: HttpOnly, SameSite=Strict, Secure where there is TLS.
/// @source RFC 6265bis section 4.1
[[nodiscard]] std::string set_session_cookie(std::string_view token, bool secure);
/// Takes it away.
[[nodiscard]] std::string clear_session_cookie(bool secure);
/// Its value in a request.
[[nodiscard]] std::optional<std::string_view> session_cookie(const Request& request);

/// A cookie's value in a Cookie header; nullopt when there is none, or more than one.
[[nodiscard]] std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name);

}  // namespace tongke::relay::http::api
