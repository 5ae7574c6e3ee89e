#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Request targets, as pure functions: what a client may ask for, before anybody routes it.
namespace tongke::relay::http {

/// Longest raw path or query that is looked at at all.
inline constexpr std::size_t kMaxTargetBytes = 4096;

/// Percent-decodes a raw path once and normalises it: starts with '/', no empty and no "."
/// elements (a trailing '/' is kept).
/// @errors invalid: no leading '/', a ".." element (encoded or not), NUL or another control
///         byte, '\', a broken escape, invalid UTF-8, longer than kMaxTargetBytes
/// @source RFC 3986 sections 2.1 and 5.2.4; refusing ".." instead of resolving it, because
///         no page of ours links to one
[[nodiscard]] base::Result<std::string> normalise_path(std::string_view raw);

/// Checks a raw query: length, escapes, and no NUL in what they stand for.
[[nodiscard]] base::Result<void> check_query(std::string_view raw);

/// Decoded value of the first parameter called `name`; '+' is a space. nullopt when there
/// is none. `raw` must have passed check_query().
/// @source WHATWG URL, application/x-www-form-urlencoded parsing
[[nodiscard]] std::optional<std::string> query_value(std::string_view raw, std::string_view name);

/// Elements of a normalised path: "/a/b/" is {"a", "b", ""}, "/" is {""}.
[[nodiscard]] std::vector<std::string_view> split_path(std::string_view path);

}  // namespace tongke::relay::http
