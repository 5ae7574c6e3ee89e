#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "relay/live/snapshot.hpp"

/// Stills for those whose line carries sound alone. Pure.
namespace tongke::relay::hls {

/// {"stills":[{"n":3,"at":1772409600000}, …]}, oldest first; `at` is the wall time of the
/// moment it shows, in milliseconds, on the clock of EXT-X-PROGRAM-DATE-TIME.
[[nodiscard]] std::string still_list(const live::LessonSnapshot& lesson);

/// "12.webp", in its only spelling.
[[nodiscard]] std::optional<std::uint32_t> parse_still_name(std::string_view file);

/// Null when it has given way to newer ones, or never was.
[[nodiscard]] const live::Still* find_still(const live::LessonSnapshot& lesson, std::uint32_t number);

}  // namespace tongke::relay::hls
