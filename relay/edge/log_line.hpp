#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"

/// Caching edges (nginx) between the relay and those who watch: what they delivered in our place.
namespace tongke::relay::edge {

/// Media that an edge sent to somebody. The views point into the line it was read from.
struct Fetch {
  base::WallTime at{};  ///< by the edge's clock
  std::string_view token;
  std::string_view lesson;
  std::string_view rendition;
  base::MediaTime start{0};  ///< of the segment, as the origin said with it
};

/// What a line of the log says.
struct LogLine {
  enum class Kind : std::uint8_t {
    media,     ///< `fetch` is of it
    other,     ///< about something else: a playlist, an error, a HEAD
    malformed  ///< not what `log_format tongke_edge` writes
  };
  Kind kind = Kind::malformed;
  Fetch fetch = {};
};

/// Reads one datagram: a syslog header and, in this order and one space apart,
///   tongke1 $msec $status $request_method $body_bytes_sent $sent_http_tongke_media_time $request_uri
/// Any host name and tag will do, the header's time is passed over: it knows neither year nor zone.
/// @source RFC 3164 section 4.1; nginx's ngx_http_log_module and syslog (docs/edge/nginx.conf)
[[nodiscard]] LogLine parse_log_line(std::string_view datagram) noexcept;

/// A line comes the moment its answer is sent. Older than kLatest, it was kept and sent again, or
/// the edge's clock is behind; newer than now by more than kEarliest, it is ahead.
inline constexpr std::chrono::seconds kLatest{60};
inline constexpr std::chrono::seconds kEarliest{30};
enum class Age : std::uint8_t { present, past, future };
[[nodiscard]] Age age_of(base::WallTime at, base::WallTime now) noexcept;

}  // namespace tongke::relay::edge
