#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "relay/http/server.hpp"
#include "school/links/seat_devices.hpp"
#include "school/token.hpp"

namespace tongke::relay::http::api {

/// The token of `Authorization: Bearer`, within the request.
[[nodiscard]] std::optional<std::string_view> bearer_token(const Request& request);

/// The same, or that of `?token=`; empty when there is none.
[[nodiscard]] std::string presented_token(const Request& request);

/// Who asks: the token of `Authorization: Bearer`, or of `?token=` for links a browser
/// downloads from. Missing, forged, expired, for another lesson or of another role are all
/// the same answer, so that nobody learns what exists.
/// @errors not_found
[[nodiscard]] base::Result<school::Token> require(const Request& request, const school::TokenSigner& signer,
                                                  const std::string& lesson,
                                                  std::initializer_list<school::Role> roles);

/// The address a request came from: behind a proxy on this machine, as the proxy says. Refers to
/// `request`.
[[nodiscard]] std::string_view client_address(const Request& request);

/// The device that asks, by the cookie that the watch route gave it. Refers to `request`.
[[nodiscard]] school::links::Device device_of(const Request& request);
/// Names the browser for as long as a term; it says nothing of who uses it.
[[nodiscard]] std::string new_device_cookie(bool secure);

/// The answer to an error where a rule of the hour may be the reason: then 403 with the rule's
/// code ("evening", "daily_cap"), else as problem() has it.
[[nodiscard]] Response refused(const base::Error& error);

}  // namespace tongke::relay::http::api
