#include "relay/load/level.hpp"

#include <array>

namespace tongke::relay::load {

std::string_view to_string(Level level) noexcept {
  static constexpr std::array<std::string_view, 5> kNames = {"all", "no-hd", "no-360p", "no-240p", "sound"};
  return kNames[static_cast<std::size_t>(level)];
}

}  // namespace tongke::relay::load
