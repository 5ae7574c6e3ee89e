#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tongke::base {

/// The cells of a config line "a | b | c", without the spaces around them.
[[nodiscard]] std::vector<std::string> cells_of(std::string_view line);

/// Letters, digits, - and _ only, 1 to 32 of them: what a config line calls something, fit for logs and
/// metrics.
[[nodiscard]] bool is_config_name(std::string_view text);

}  // namespace tongke::base
