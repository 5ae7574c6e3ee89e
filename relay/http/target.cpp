#include "relay/http/target.hpp"

#include <glib.h>

namespace tongke::relay::http {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Byte that the escape at `text[at]` ('%') stands for; -1 when broken.
int escaped_byte(std::string_view text, std::size_t at) noexcept {
  if (at + 2 >= text.size()) return -1;
  const int high = hex_digit(text[at + 1]);
  const int low = hex_digit(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

base::Error invalid(const char* what) {
  return {base::Errc::invalid, std::string("request target: ") + what};
}

/// Decodes form encoding that check_query() has passed.
std::string decode_form(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '+') {
      out += ' ';
    } else if (const int byte = raw[i] == '%' ? escaped_byte(raw, i) : -1; byte >= 0) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += raw[i];
    }
  }
  return out;
}

/// Appends one element to `out`, which ends with '/' whenever an element may follow.
base::Result<void> append_element(std::string& out, std::string_view element, bool last) {
  if (element == "..") return invalid("\"..\" is not accepted");
  if (element == "." || element.empty()) return {};
  out += element;
  if (!last) out += '/';
  return {};
}

}  // namespace

base::Result<std::string> normalise_path(std::string_view raw) {
  if (raw.size() > kMaxTargetBytes) return invalid("path too long");
  if (raw.empty() || raw.front() != '/') return invalid("path must start with '/'");
  std::string decoded;
  decoded.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      const int byte = escaped_byte(raw, i);
      if (byte < 0) return invalid("broken percent escape");
      c = static_cast<char>(byte);
      i += 2;
    }
    if (is_control(c) || c == '\\') return invalid("control byte or backslash");
    decoded += c;
  }
  if (!g_utf8_validate_len(decoded.data(), decoded.size(), nullptr)) return invalid("not UTF-8");

  std::string out = "/";
  out.reserve(decoded.size());
  std::string_view rest(decoded);
  rest.remove_prefix(1);
  while (true) {
    const auto slash = rest.find('/');
    const bool last = slash == std::string_view::npos;
    if (auto added = append_element(out, rest.substr(0, slash), last); !added)
      return std::move(added).error();
    if (last) return out;
    rest.remove_prefix(slash + 1);
  }
}

base::Result<void> check_query(std::string_view raw) {
  if (raw.size() > kMaxTargetBytes) return invalid("query too long");
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\0') return invalid("NUL in query");
    if (raw[i] == '%' && escaped_byte(raw, i) <= 0) return invalid("broken escape in query");
  }
  return {};
}

std::optional<std::string> query_value(std::string_view raw, std::string_view name) {
  while (!raw.empty()) {
    const auto ampersand = raw.find('&');
    const std::string_view pair = raw.substr(0, ampersand);
    raw.remove_prefix(ampersand == std::string_view::npos ? raw.size() : ampersand + 1);
    const auto equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    // Names are seldom escaped; decode only when they could match at all.
    if (key != name && (key.find_first_of("%+") == std::string_view::npos || decode_form(key) != name))
      continue;
    return equals == std::string_view::npos ? std::string() : decode_form(pair.substr(equals + 1));
  }
  return std::nullopt;
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> elements;
  elements.reserve(8);
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto slash = path.find('/');
    elements.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash);
  }
  return elements;
}

}  // namespace tongke::relay::http
