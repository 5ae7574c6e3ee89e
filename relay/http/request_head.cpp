#include "relay/http/request_head.hpp"

#include <algorithm>
#include <charconv>

namespace tongke::relay::http {
namespace {

constexpr std::size_t kMaxOverhead = 8 * 1024;
constexpr int kMaxSizeDigits = 8;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

/// @source RFC 9110 section 5.6.2
bool is_token_char(char c) noexcept {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         kOthers.find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_value_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || c == '\t';
}
bool is_target_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes a line off the front of `text`; nullopt at a bare CR or LF.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find_first_of("\r\n");
  if (end == std::string_view::npos || text.substr(end, 2) != "\r\n") return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

bool list_has(std::string_view list, std::string_view element) {
  while (true) {
    const auto comma = list.find(',');
    if (same(trimmed(list.substr(0, comma)), element)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

std::optional<BadRequest> parse_target(std::string_view target, RequestHead& head) {
  if (!std::ranges::all_of(target, is_target_char)) return BadRequest{400, "target"};
  if (target == "*" && head.method == "OPTIONS") target = "/";
  if (!target.starts_with('/')) {  // absolute-form, from proxies
    const auto scheme = target.find("://");
    const auto name = target.substr(0, scheme);
    if (scheme == std::string_view::npos || (!same(name, "http") && !same(name, "https"))) {
      return BadRequest{400, "target"};
    }
    target.remove_prefix(scheme + 3);
    const auto end = target.find_first_of("/?");
    target = end == std::string_view::npos ? std::string_view("/") : target.substr(end);
    if (target.starts_with('?')) return BadRequest{400, "target"};
  }
  const auto question = target.find('?');
  head.path = target.substr(0, question);
  head.query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  return std::nullopt;
}

std::optional<BadRequest> parse_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return BadRequest{400, "request line"};
  head.method = line.substr(0, first);
  const auto version = line.substr(last + 1);
  if (!is_token(head.method)) return BadRequest{400, "method"};
  if (version == "HTTP/1.0") {
    head.minor_version = 0;
    head.keep_alive = false;
  } else if (version != "HTTP/1.1") {
    return BadRequest{version.starts_with("HTTP/") ? 505 : 400, "version"};
  }
  return parse_target(line.substr(first + 1, last - first - 1), head);
}

std::optional<BadRequest> interpret_fields(RequestHead& head) {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  bool close = false;
  for (const auto& [name, value] : head.fields) {
    if (same(name, "host")) {
      if (value.find_first_of("/?#@\\ \t,") != std::string_view::npos) return BadRequest{400, "Host"};
      ++hosts;
    } else if (same(name, "content-length")) {
      const auto* end = value.data() + value.size();
      const auto parsed = std::from_chars(value.data(), end, head.length);
      if (parsed.ec != std::errc() || parsed.ptr != end) return BadRequest{400, "Content-Length"};
      ++lengths;
      head.framing = RequestHead::Framing::length;
    } else if (same(name, "transfer-encoding")) {
      if (!same(value, "chunked")) return BadRequest{501, "Transfer-Encoding"};
      ++codings;
      head.framing = RequestHead::Framing::chunked;
    } else if (same(name, "connection")) {
      close = close || list_has(value, "close");
    } else if (same(name, "expect")) {
      head.expects_continue = same(value, "100-continue");
    }
  }
  if (close) head.keep_alive = false;
  if (hosts > 1 || (hosts == 0 && head.minor_version == 1)) return BadRequest{400, "Host"};
  if (lengths + codings > 1 || (codings > 0 && head.minor_version == 0))
    return BadRequest{400, "body length"};
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> RequestHead::field(std::string_view name) const {
  const auto it = std::ranges::find_if(fields, [&](const auto& field) { return same(field.first, name); });
  if (it == fields.end()) return std::nullopt;
  return it->second;
}

std::size_t head_size(std::string_view text, std::size_t from) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const auto end = text.find(kEnd, from < kEnd.size() ? 0 : from - kEnd.size());
  return end == std::string_view::npos ? 0 : end + kEnd.size();
}

std::optional<BadRequest> parse_head(std::string_view text, RequestHead& head) {
  const auto line = take_line(text);
  if (!line) return BadRequest{400, "line end"};
  if (const auto bad = parse_request_line(*line, head)) return bad;
  head.fields.reserve(12);
  while (true) {
    const auto field = take_line(text);
    if (!field) return BadRequest{400, "line end"};
    if (field->empty()) break;
    const auto colon = field->find(':');
    if (colon == std::string_view::npos || !is_token(field->substr(0, colon)))
      return BadRequest{400, "field name"};
    const auto value = trimmed(field->substr(colon + 1));
    if (!std::ranges::all_of(value, is_value_char)) return BadRequest{400, "field value"};
    if (head.fields.size() == kMaxFields) return BadRequest{431, "too many fields"};
    head.fields.emplace_back(field->substr(0, colon), value);
  }
  return interpret_fields(head);
}

ChunkedBody::State ChunkedBody::feed(std::string_view text, std::size_t limit, std::string& out,
                                     std::size_t& used) {
  used = 0;
  while (used < text.size()) {
    if (at_ == At::data) {
      const std::size_t count = std::min<std::uint64_t>(left_, text.size() - used);
      if (out.size() + count > limit) return State::too_large;
      out.append(text.substr(used, count));
      used += count;
      left_ -= count;
      if (left_ == 0) at_ = At::data_cr;
      continue;
    }
    const char c = text[used++];
    switch (at_) {
      case At::size: {
        const char digit = lower(c);
        const bool hex = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
        if (hex) {
          if (++digits_ > kMaxSizeDigits) return State::too_large;
          left_ = left_ * 16 + static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        } else if (digits_ == 0 || (c != '\r' && c != ';')) {
          return State::broken;
        } else {
          at_ = c == '\r' ? At::size_lf : At::extension;
        }
        break;
      }
      case At::extension:
        if (++overhead_ > kMaxOverhead || c == '\n') return State::broken;
        if (c == '\r') at_ = At::size_lf;
        break;
      case At::size_lf:
        if (c != '\n') return State::broken;
        digits_ = 0;
        at_ = left_ == 0 ? At::trailer : At::data;
        break;
      case At::data_cr:
        if (c != '\r') return State::broken;
        at_ = At::data_lf;
        break;
      case At::data_lf:
        if (c != '\n') return State::broken;
        at_ = At::size;
        break;
      case At::trailer:
        if (c == '\r') {
          at_ = line_empty_ ? At::last_lf : At::trailer_lf;
        } else {
          if (++overhead_ > kMaxOverhead || c == '\n') return State::broken;
          line_empty_ = false;
        }
        break;
      case At::trailer_lf:
        if (c != '\n') return State::broken;
        line_empty_ = true;
        at_ = At::trailer;
        break;
      case At::last_lf:
        return c == '\n' ? State::done : State::broken;
      case At::data:
        break;
    }
  }
  return State::more;
}

}  // namespace tongke::relay::http
