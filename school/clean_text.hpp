#pragma once

#include <cstddef>
#include <string_view>

namespace tongke::school {

/// Length of the well-formed UTF-8 at the start of `text`; all of it when it is.
/// @source RFC 3629 (no overlong forms, no surrogates, nothing above U+10FFFF)
[[nodiscard]] std::size_t utf8_prefix(std::string_view text) noexcept;

/// UTF-8 on one line: no control characters.
[[nodiscard]] bool is_clean_text(std::string_view text) noexcept;

}  // namespace tongke::school
