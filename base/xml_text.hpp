#pragma once

#include <string>
#include <string_view>

namespace tongke::base {

/// `text` for XML and HTML, in content and in quoted attributes. Control characters that XML 1.0
/// has no way to write become spaces.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace tongke::base
