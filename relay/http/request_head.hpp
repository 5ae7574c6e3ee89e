#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

/// What a client sends in front of a body, and how long that body is; pure parsing.
/// @source RFC 9112 (HTTP/1.1). Strict where leniency lets a proxy and us disagree about
///         where a request ends: CRLF only, no folding, no space before a colon, one
///         Content-Length or one "chunked" but never both.
namespace tongke::relay::http {

inline constexpr std::size_t kMaxHeadBytes = 32 * 1024;
inline constexpr std::size_t kMaxFields = 100;

/// Why a request is not one, as a status code: 400, 431, 501 or 505.
struct BadRequest {
  int status = 400;
  const char* why = "";
};

/// Views into the text it was parsed from.
struct RequestHead {
  enum class Framing { none, length, chunked };

  std::string_view method;
  std::string_view path;   ///< raw, without query
  std::string_view query;  ///< raw, without '?'
  int minor_version = 1;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  Framing framing = Framing::none;
  std::uint64_t length = 0;
  bool keep_alive = true;
  bool expects_continue = false;

  /// First field of that name, compared without case.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
};

/// @param text  a head with its final empty line
/// @return what is wrong with it, if anything
[[nodiscard]] std::optional<BadRequest> parse_head(std::string_view text, RequestHead& head);

/// Length of the head that `text` begins with, its empty line included; 0 when it has not ended.
/// @param from  where to go on looking, from the call before
[[nodiscard]] std::size_t head_size(std::string_view text, std::size_t from);

/// Takes a chunked body apart.  @source RFC 9112 section 7.1
class ChunkedBody {
 public:
  enum class State { more, done, broken, too_large };

  /// Appends what `text` holds of the body to `out`; `used` becomes how much of `text` it was.
  /// @param limit  bytes of body accepted in all
  State feed(std::string_view text, std::size_t limit, std::string& out, std::size_t& used);

 private:
  enum class At { size, extension, size_lf, data, data_cr, data_lf, trailer, trailer_lf, last_lf };

  At at_ = At::size;
  std::uint64_t left_ = 0;
  std::size_t overhead_ = 0;  ///< bytes of extensions and trailers: bounded, they are of no use
  int digits_ = 0;
  bool line_empty_ = true;
};

}  // namespace tongke::relay::http
