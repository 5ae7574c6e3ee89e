#include "relay/http/reply.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace tongke::relay::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// The one script inside our pages is the pages' own (player-web/head.html); its tests hold the two together.
constexpr std::string_view kEveryAnswer =
    "\r\nContent-Security-Policy: default-src 'self'; script-src 'self' "
    "'sha256-tTne8RB8pNKhNW46K0+5SGh0nnx8mgs7CuTNLurRdco='; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self' ws: wss:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
    "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Robots-Tag: noindex"
    "\r\nX-Frame-Options: SAMEORIGIN\r\n";

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  if (has_control(name) || has_control(value)) return;  // nobody splits a response
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto it =
      std::ranges::find_if(headers, [&](const auto& header) { return same_name(header.first, name); });
  return it == headers.end() ? nullptr : &it->second;
}

ByteRange shape(Response& response, std::uint64_t size, const Demand& demand) {
  const ByteRange whole{0, size};
  if (response.status != 200 || (demand.method != "GET" && demand.method != "HEAD")) return whole;
  const std::string* etag = find_header(response.headers, "ETag");
  if (etag && demand.if_none_match && etag_matches(*demand.if_none_match, *etag)) {
    response.status = 304;
    return whole;
  }
  const std::string* ranges = find_header(response.headers, "Accept-Ranges");
  if (!demand.range || demand.method != "GET" || !ranges || *ranges != "bytes") return whole;
  // A part of something that has changed since is of no use: If-Range asks for all of it then.
  if (demand.if_range && (!etag || *demand.if_range != *etag)) return whole;
  const RangeDecision decision = decide_range(*demand.range, size);
  switch (decision.outcome) {
    case RangeOutcome::whole:
      return whole;
    case RangeOutcome::unsatisfiable:
      response.status = 416;
      response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
      return {0, 0};
    case RangeOutcome::partial:
      response.status = 206;
      response.headers.emplace_back(
          "Content-Range", "bytes " + std::to_string(decision.range.first) + '-' +
                               std::to_string(decision.range.first + decision.range.length - 1) + '/' +
                               std::to_string(size));
      return decision.range;
  }
  return whole;
}

std::uint64_t total_size(const std::vector<base::SharedBytes>& body) {
  std::uint64_t size = 0;
  for (const auto& piece : body) size += piece.size();
  return size;
}

std::vector<Slice> cut(const std::vector<base::SharedBytes>& body, ByteRange range) {
  std::vector<Slice> slices;
  slices.reserve(body.size());
  for (const auto& piece : body) {
    const std::uint64_t skipped = std::min<std::uint64_t>(range.first, piece.size());
    const std::uint64_t length = std::min<std::uint64_t>(range.length, piece.size() - skipped);
    range.first -= skipped;
    range.length -= length;
    if (length > 0) slices.push_back({piece, skipped, length});
  }
  return slices;
}

std::string response_head(const Response& response, std::uint64_t length, std::string_view date, bool close) {
  std::string head;
  head.reserve(1024);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason(response.status);
  head += "\r\nDate: ";
  head += date;
  head += kEveryAnswer;
  if (!response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) append_field(head, name, value);
  if (response.status >= 200 && response.status != 204)
    append_field(head, "Content-Length", std::to_string(length));
  if (close) append_field(head, "Connection", "close");
  head += "\r\n";
  return head;
}

std::string http_date(base::WallTime time) {
  const auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(time).time_since_epoch().count();
  const std::time_t stamp = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&stamp, &parts);
  std::array<char, 40> text{};
  // Not strftime: the names must not follow the locale.
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                 days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                 months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                 parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace tongke::relay::http
