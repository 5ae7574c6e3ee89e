#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tongke::school::timetable {

/// `text` without white space at both ends, the ideographic space (U+3000) included.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// ASCII letters in lower case; all else as it is.
[[nodiscard]] std::string lower(std::string_view text);
/// Whether `text` starts with `word`, which is then taken off.
bool take(std::string_view& text, std::string_view word);
/// Takes 1 to `digits` decimal digits off the front.
[[nodiscard]] std::optional<int> take_number(std::string_view& text, int digits);
/// Code points in `text`, which need not be valid: stray bytes count as one each.
[[nodiscard]] std::size_t code_points(std::string_view text);

}  // namespace tongke::school::timetable
