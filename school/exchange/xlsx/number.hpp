#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tongke::school::exchange::xlsx {

/// How a cell shows its number.
enum class Show : std::uint8_t { number, date, time, moment };

/// What a built-in format is; those of Chinese spreadsheets among them.
/// @source ECMA-376 part 1, section 18.8.30
[[nodiscard]] Show show_of(unsigned builtin) noexcept;
/// What a format of the workbook's own is: "yyyy\-mm\-dd", "h:mm", "0.00", "@".
[[nodiscard]] Show show_of(std::string_view code);

/// A number as text: dates as 2026-09-01, times as 08:00 (or 08:00:30), numbers without a point
/// where they are whole. Numbers of more digits than spreadsheets keep are 4.2E+17, so that
/// whoever reads them sees what happened. What is no number stays as it is.
/// @param is_1904  days are counted from 1904, as old Macintosh files do
[[nodiscard]] std::string number_text(std::string_view number, Show show, bool is_1904);

}  // namespace tongke::school::exchange::xlsx
