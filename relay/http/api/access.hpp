#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "relay/http/server.hpp"
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

/// The answer to an error where a rule of the hour may be the reason: then 403 with the rule's
/// code ("evening", "daily_cap"), else as problem() has it.
[[nodiscard]] Response refused(const base::Error& error);

}  // namespace tongke::relay::http::api
