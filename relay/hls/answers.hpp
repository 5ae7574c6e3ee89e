#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "relay/http/server.hpp"
#include "relay/live/media.hpp"

/// The origin's usual answers, readable from pages of other origins: what protects a lesson is
/// the token in the path.
namespace tongke::relay::hls {

/// Of what is "now": half a target duration of 2 s (RFC 8216bis appendix B).
inline constexpr std::string_view kCacheNow = "public, max-age=1";
/// Of what changes its meaning, but not while it is played: six target durations.
inline constexpr std::string_view kCacheBriefly = "public, max-age=12";
/// Of what never changes.
inline constexpr std::string_view kCacheMedia = "public, max-age=86400, immutable";

[[nodiscard]] http::Response with_cors(http::Response response);
/// One answer for everything that is not there or not for this caller.
[[nodiscard]] http::Response not_found();
/// 503: it will be there.
[[nodiscard]] http::Response come_back(std::string_view message);
/// Says which moment of the lesson the media is of, in milliseconds since its first frame.
void add_media_time(http::Response& response, base::MediaTime start);
/// What stands in a lesson's place: before long the same address is the lesson's own.
void keep_briefly(http::Response& response);
[[nodiscard]] http::Response media(live::TrackKind kind, std::vector<base::SharedBytes> body);

}  // namespace tongke::relay::hls
