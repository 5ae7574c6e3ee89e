#pragma once

#include <cstdint>
#include <string_view>

namespace tongke::relay::load {

/// What a machine that is short of CPU has stopped doing, each step with all before it. Sound, stills and the
/// recording are in none of them. HD is what costs most to make, 480p: the teacher's own picture is passed on
/// as it is and stays until nothing else helps.
/// @source requirements OP-4
enum class Level : std::uint8_t {
  all,      ///< nothing
  no_hd,    ///< 480p
  no_360p,  ///< and 360p
  no_240p,  ///< and 240p: the teacher's own picture and sound are left
  sound     ///< pages show stills instead of a picture
};

/// "all", "no-hd", …: for logs.
[[nodiscard]] std::string_view to_string(Level level) noexcept;

/// What holds for one lesson: those of graduating classes come one step later, and so never lose their
/// picture.
[[nodiscard]] constexpr Level level_for(Level machine, bool priority) noexcept {
  if (!priority || machine == Level::all) return machine;
  return static_cast<Level>(static_cast<std::uint8_t>(machine) - 1);
}

/// Shorter side of the largest picture that is still made.
[[nodiscard]] constexpr std::uint32_t largest_side(Level level) noexcept {
  switch (level) {
    case Level::all:
      return UINT32_MAX;
    case Level::no_hd:
      return 360;
    case Level::no_360p:
      return 240;
    case Level::no_240p:
    case Level::sound:
      return 0;
  }
  return 0;
}

}  // namespace tongke::relay::load
