#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "school/token.hpp"

namespace tongke::school::links {

/// Devices that one link may be used on at a time: a phone and a TV. Grown-ups also have a desk.
[[nodiscard]] constexpr std::size_t most_devices(Role role) noexcept {
  return role == Role::pupil || role == Role::guardian ? 2 : 4;
}

/// What an asking device is known by. Who declares no name (players without cookies) is whoever is
/// at that address: a home's television and telephone then count as one, which is on the child's side.
struct Device {
  std::string_view name = {};  ///< the page's own, the same after a reload; "" = not declared
  std::string_view address = {};
};

/// Which devices play for each seat now, whatever they play by (HLS, WebRTC): a link that went
/// round is of no use to a third one. In memory; whoever is not heard of for kGone has left.
/// @source requirements SE-1     @thread any; well under a microsecond
class SeatDevices {
 public:
  /// A player asks for its playlist every few seconds; a WebRTC viewer is heard of every ten.
  static constexpr std::chrono::seconds kGone{30};
  /// How often a refusal is told of.
  static constexpr std::chrono::seconds kToldAgain{10};

  enum class Verdict : std::uint8_t { in, refused, refused_and_to_tell };
  /// A place for the device, its own again or a free one.
  [[nodiscard]] Verdict admit(const Token& token, const Device& device, base::Steady::time_point now);
  /// Everybody may open this lesson's links on any number of devices: the demo's.
  void open_to_all(const std::string& lesson);

 private:
  struct Place {
    std::uint64_t name = 0;  ///< hash; 0 = not declared
    std::uint64_t address = 0;
    base::Steady::time_point heard{};  ///< the epoch: free
  };
  struct Seat {
    std::array<Place, 4> places = {};
    base::Steady::time_point told{};
    base::Steady::time_point heard{};
  };
  struct Shard {
    std::unordered_map<std::uint64_t, Seat> seats;  ///< by hash of lesson, role and seat
    base::Steady::time_point pruned{};
  };
  static Verdict place(Seat& seat, std::size_t most, const Place& asking);

  std::array<base::Guarded<Shard>, 16> shards_;
  base::Guarded<std::unordered_set<std::string>> open_;
};

/// A token and the device that showed it in one word, for sessions that outlive their request.
/// @{
[[nodiscard]] std::string pass_of(std::string_view token, const Device& device);
struct Pass {
  std::string_view token;
  Device device;
};
/// Refers to `pass`.
[[nodiscard]] Pass read_pass(std::string_view pass) noexcept;
/// @}

}  // namespace tongke::school::links
