#pragma once

#include <concepts>
#include <string>

#include "base/clock.hpp"

/// Numbers and dates as playlists write them.
namespace tongke::relay::hls {

/// Appends an integer.
void append(std::string& text, std::integral auto number) { text += std::to_string(number); }

/// Appends seconds with five decimals, rounded: "2.00000".
void append_seconds(std::string& text, base::MediaTime duration);

/// Appends ISO 8601 in UTC with milliseconds: "2026-03-02T00:00:00.000Z".
void append_date(std::string& text, base::WallTime time);

}  // namespace tongke::relay::hls
