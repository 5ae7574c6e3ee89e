#pragma once

#include <string>
#include <string_view>

namespace tongke::relay::app {

/// A command line that works when copied into the shell this program was started from: the program's path,
/// the verbs, and the data folder unless it is the default.
[[nodiscard]] std::string invocation(std::string_view verbs, const std::string& data);

/// The data folder when none is named.
inline constexpr const char* kDefaultData = "var";

}  // namespace tongke::relay::app
