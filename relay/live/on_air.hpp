#pragma once

#include <cstdint>
#include <string_view>

namespace tongke::relay::live {

/// What pupils are told of a lesson.
enum class OnAir : std::uint8_t { waiting, live, interrupted, ended };
[[nodiscard]] std::string_view to_string(OnAir state) noexcept;

}  // namespace tongke::relay::live
