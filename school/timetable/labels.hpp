#pragma once

#include <string>
#include <string_view>

namespace tongke::school::timetable {

enum class Language : std::uint8_t { zh, en };

/// A word of a printed timetable, from text.json. An unknown key gives the key itself.
[[nodiscard]] std::string label(std::string_view key, Language language);

}  // namespace tongke::school::timetable
