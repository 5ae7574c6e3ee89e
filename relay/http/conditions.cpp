#include "relay/http/conditions.hpp"

#include <algorithm>
#include <charconv>

namespace tongke::relay::http {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view without_weak(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  return etag;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  if (etag.empty()) return false;
  // An opaque tag may hold commas, but none of ours does.
  while (!if_none_match.empty()) {
    const auto comma = if_none_match.find(',');
    const std::string_view one = trimmed(if_none_match.substr(0, comma));
    if (one == "*" || (!one.empty() && without_weak(one) == without_weak(etag))) return true;
    if (comma == std::string_view::npos) return false;
    if_none_match.remove_prefix(comma + 1);
  }
  return false;
}

RangeDecision decide_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  header = trimmed(header);
  if (!header.starts_with(kUnit)) return {};
  const std::string_view spec = trimmed(header.substr(kUnit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view first_text = trimmed(spec.substr(0, dash));
  const std::string_view last_text = trimmed(spec.substr(dash + 1));
  const auto first = number(first_text);
  const auto last = number(last_text);
  if (first_text.empty()) {  // the last N bytes
    if (!last) return {};
    if (*last == 0 || size == 0) return {RangeOutcome::unsatisfiable, {}};
    const std::uint64_t length = std::min(*last, size);
    return {RangeOutcome::partial, {size - length, length}};
  }
  if (!first || (!last_text.empty() && !last) || (last && *last < *first)) return {};
  if (*first >= size) return {RangeOutcome::unsatisfiable, {}};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {RangeOutcome::partial, {*first, end - *first + 1}};
}

}  // namespace tongke::relay::http
