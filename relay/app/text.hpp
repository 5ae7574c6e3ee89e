#pragma once

#include <string>
#include <string_view>

namespace tongke::relay::app {

/// A sentence for people at a terminal, from text.json: Chinese first, then English.
/// An unknown key is a programming error and gives the key itself.
[[nodiscard]] std::string text(std::string_view key);

/// The same on two lines, for a picture.
[[nodiscard]] std::string text_lines(std::string_view key);

/// Only the Chinese, for what becomes data (the demo lesson's title).
[[nodiscard]] std::string text_zh(std::string_view key);

}  // namespace tongke::relay::app
