#include "relay/http/reply.hpp"

#include <algorithm>

namespace tongke::relay::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto it = std::ranges::find_if(headers, [&](const auto& header) { return same_name(header.first, name); });
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

const Headers& security_headers() {
  static const Headers headers = {
      {"Content-Security-Policy",
       "default-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self' ws: wss:; "
       "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Robots-Tag", "noindex"},
      {"X-Frame-Options", "SAMEORIGIN"},
  };
  return headers;
}

}  // namespace tongke::relay::http
