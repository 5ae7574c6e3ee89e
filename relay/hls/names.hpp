#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "relay/live/snapshot.hpp"

/// What requests to the HLS origin mean. Pure.
namespace tongke::relay::hls {

/// The last element of /hls/{token}/{lesson}/{rendition}/{file}.
struct MediaName {
  enum class Kind { playlist, init, segment, part };
  Kind kind = Kind::playlist;
  std::uint32_t number = 0;  ///< init: its number; segment and part: the segment's
  std::uint32_t part = 0;

  friend bool operator==(const MediaName&, const MediaName&) = default;
};

/// "media.m3u8", "init-0.mp4", "12.m4s", "12.3.m4s"; numbers in their only spelling, so
/// that every resource has one address. Nothing for anything else.
[[nodiscard]] std::optional<MediaName> parse_media_name(std::string_view file);

/// Delivery directives of a playlist request (RFC 8216bis section 6.2.5).
struct Directives {
  std::optional<std::uint64_t> msn;
  std::optional<std::uint64_t> part;
  bool skip = false;

  friend bool operator==(const Directives&, const Directives&) = default;
};

/// @errors invalid: a number that is none, or _HLS_part without _HLS_msn. Values of
///         _HLS_skip that nobody defined are ignored.
[[nodiscard]] base::Result<Directives> parse_directives(std::optional<std::string_view> msn,
                                                        std::optional<std::string_view> part,
                                                        std::optional<std::string_view> skip);

/// Whether a playlist holds what a request wants to see in it (section 6.2.5.2).
enum class Reach {
  there,
  soon,    ///< worth waiting for
  too_far  ///< beyond what a client that follows the playlist can ask for
};
[[nodiscard]] Reach reach(const live::LessonSnapshot& lesson, const live::RenditionSnapshot& rendition,
                          const Directives& wanted);

/// Whether an Accept-Encoding header allows gzip (RFC 9110 section 12.5.3).
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

}  // namespace tongke::relay::hls
