#include "signaling/protocol/messages.hpp"

#include <array>

#include "signaling/protocol/news.hpp"

namespace tongke::signaling::protocol {
namespace {

constexpr std::array<std::string_view, kPlayCount> kPlays = {"playing", "stalled", "audio", "paused"};
constexpr std::array<std::string_view, kScreenCount> kScreens = {"phone", "tv", "computer"};
constexpr std::array<std::string_view, kWhoCount> kWhos = {"none",        "mother",  "father",
                                                           "grandparent", "sibling", "other"};
constexpr std::array<std::string_view, kChatModeCount> kChatModes = {"off", "moderated", "open"};
constexpr std::array<std::string_view, kRestCount> kRests = {"none", "cap", "evening"};
constexpr std::array<std::string_view, 4> kOnAir = {"waiting", "live", "interrupted", "ended"};

}  // namespace

std::string_view to_string(Play play) noexcept { return kPlays.at(static_cast<std::size_t>(play)); }
std::string_view to_string(Screen screen) noexcept { return kScreens.at(static_cast<std::size_t>(screen)); }
std::string_view to_string(Who who) noexcept { return kWhos.at(static_cast<std::size_t>(who)); }
std::string_view to_string(ChatMode mode) noexcept { return kChatModes.at(static_cast<std::size_t>(mode)); }
std::string_view to_string(Rest rest) noexcept { return kRests.at(static_cast<std::size_t>(rest)); }
std::string_view to_string(OnAir state) noexcept { return kOnAir.at(static_cast<std::size_t>(state)); }

std::string_view to_string(Close reason) noexcept {
  switch (reason) {
    case Close::normal:
      return "normal";
    case Close::restarting:
      return "restarting";
    case Close::bad_frame:
      return "bad_frame";
    case Close::no_hello:
      return "no_hello";
    case Close::not_found:
      return "not_found";
    case Close::slow:
      return "slow";
    case Close::third_device:
      return "third_device";
    case Close::replaced:
      return "replaced";
    case Close::ended:
      return "ended";
    case Close::too_fast:
      return "too_fast";
  }
  return "normal";
}

}  // namespace tongke::signaling::protocol
