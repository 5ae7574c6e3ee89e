#pragma once

#include <string>
#include <string_view>

#include "school/text.hpp"

namespace tongke::relay::outward {

/// A phrase of a message, from relay/outward/text.json. An unknown key is a programming error and
/// gives the key itself.  @thread any
[[nodiscard]] std::string phrase(std::string_view key, school::Language language);

/// The same, with `value` in the place of "{}".
[[nodiscard]] std::string phrase(std::string_view key, school::Language language, std::string_view value);

}  // namespace tongke::relay::outward
