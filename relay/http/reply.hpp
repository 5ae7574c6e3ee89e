#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "relay/http/conditions.hpp"
#include "relay/http/server.hpp"

/// From what a handler answered to what goes out, as pure functions.
namespace tongke::relay::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The parts of a request that change the shape of its answer.
struct Demand {
  std::string_view method;
  std::optional<std::string_view> if_none_match;
  std::optional<std::string_view> range;
  std::optional<std::string_view> if_range;
};

/// A stretch of shared bytes.
struct Slice {
  base::SharedBytes bytes;
  std::size_t offset = 0;
  std::size_t length = 0;
};

/// Applies If-None-Match to any 200 that carries an ETag and Range to any 200 that says
/// "Accept-Ranges: bytes", turning `response` into 304, 206 or 416.
/// @param size  of the whole body
/// @return the stretch of the body that the answer describes: what to send, but for 304 and HEAD
[[nodiscard]] ByteRange shape(Response& response, std::uint64_t size, const Demand& demand);

/// Bytes in all of `body`.
[[nodiscard]] std::uint64_t total_size(const std::vector<base::SharedBytes>& body);
/// The pieces of `body` that lie in `range`.
[[nodiscard]] std::vector<Slice> cut(const std::vector<base::SharedBytes>& body, ByteRange range);

/// Value of a response header, names compared without case.
[[nodiscard]] const std::string* find_header(const Headers& headers, std::string_view name);

/// The response's head as it goes out, with the headers that every answer of ours carries:
/// what a page may load, and that nobody indexes, frames or sniffs it. Header fields that
/// hold control bytes are left out.
/// @param length  of the body, Content-Length (not said with 1xx and 204)
/// @param date    the Date header's value
/// @source RFC 9112 section 4; OWASP secure headers; hls.js needs blob: media and workers
[[nodiscard]] std::string response_head(const Response& response, std::uint64_t length, std::string_view date,
                                        bool close);

/// "Tue, 24 Nov 2026 03:48:17 GMT".  @source RFC 9110 section 5.6.7
[[nodiscard]] std::string http_date(base::WallTime time);

}  // namespace tongke::relay::http
