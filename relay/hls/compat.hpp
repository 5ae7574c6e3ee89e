#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "relay/live/snapshot.hpp"

/// The lesson for players that know nothing but MPEG-TS: stretches of two segments each. Pure.
namespace tongke::relay::hls {

/// Segments 2n and 2n+1.
struct Stretch {
  std::uint32_t number = 0;
  base::MediaTime start{0};
  base::MediaTime duration{0};
  bool discontinuity = false;
  bool filled = false;  ///< see live::SegmentInfo
};

/// Those that are whole, oldest first: of a live lesson the newest few, of a replay all.
[[nodiscard]] std::vector<Stretch> stretches(const live::LessonSnapshot& lesson);

/// Version 3 of the protocol, nothing of which an old television has not heard. Empty while
/// there is no stretch.  @source RFC 8216 sections 4.3 and 6.2
[[nodiscard]] std::string compat_playlist(const live::LessonSnapshot& lesson);

/// "12.ts", in its only spelling.
[[nodiscard]] std::optional<std::uint32_t> parse_stretch_name(std::string_view file);

/// The renditions it is made of; null where there is none.
[[nodiscard]] const live::RenditionSnapshot* compat_video(const live::LessonSnapshot& lesson);
[[nodiscard]] const live::RenditionSnapshot* compat_audio(const live::LessonSnapshot& lesson);

}  // namespace tongke::relay::hls
