#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
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

/// On every response: what a page of ours may load, and that nobody indexes, frames or
/// sniffs it.  @source OWASP secure headers; hls.js needs blob: media and workers
[[nodiscard]] const Headers& security_headers();

}  // namespace tongke::relay::http
