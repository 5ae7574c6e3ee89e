#include "school/links/seat_devices.hpp"

#include <algorithm>
#include <functional>
#include <span>

namespace tongke::school::links {
namespace {

constexpr char kMark = '~';  // in no token, no name and no address

std::uint64_t hash(std::string_view text) { return std::hash<std::string_view>{}(text) | 1U; }

/// A home's devices have addresses of their own in IPv6; what they share are the first 64 bits.
std::string_view network(std::string_view address) {
  std::size_t colons = 0;
  for (std::size_t i = 0; i < address.size(); ++i)
    if (address[i] == ':' && ++colons == 4 && !address.starts_with("::ffff:")) return address.substr(0, i);
  return address;
}

std::uint64_t seat_key(const Token& token) {
  const std::uint64_t seat = (static_cast<std::uint64_t>(token.role) << 32U) | token.seat;
  return hash(token.lesson) ^ (seat * 0x9E3779B97F4A7C15U);
}

}  // namespace

SeatDevices::Verdict SeatDevices::place(Seat& seat, std::size_t most, const Place& asking) {
  const auto now = asking.heard;
  const auto places = std::span(seat.places).first(most);
  const auto is_free = [&](const Place& one) {
    return one.heard == base::Steady::time_point{} || now - one.heard >= kGone;
  };
  const auto named = [&](const Place& one) { return asking.name != 0 && one.name == asking.name; };
  // Who is not declared is whoever is known at that address, and may declare himself later.
  const auto same_home = [&](const Place& one) {
    return one.address == asking.address && (asking.name == 0 || one.name == 0);
  };
  const auto here = [&](const auto& fits) {
    return std::ranges::find_if(places, [&](const Place& one) { return !is_free(one) && fits(one); });
  };
  auto found = here(named);
  if (found == places.end()) found = here(same_home);
  if (found == places.end()) found = std::ranges::find_if(places, is_free);
  if (found != places.end()) {
    const std::uint64_t name = asking.name != 0 || is_free(*found) ? asking.name : found->name;
    *found = {name, asking.address, now};
    return Verdict::in;
  }
  if (seat.told != base::Steady::time_point{} && now - seat.told < kToldAgain) return Verdict::refused;
  seat.told = now;
  return Verdict::refused_and_to_tell;
}

SeatDevices::Verdict SeatDevices::admit(const Token& token, const Device& device,
                                        base::Steady::time_point now) {
  const std::uint64_t key = seat_key(token);
  const Place asking{device.name.empty() ? 0 : hash(device.name), hash(network(device.address)), now};
  const Verdict verdict = shards_.at((key >> 60U) % shards_.size()).with([&](Shard& shard) {
    if (now - shard.pruned >= kGone) {
      std::erase_if(shard.seats, [&](const auto& entry) { return now - entry.second.heard >= kGone; });
      shard.pruned = now;
    }
    Seat& seat = shard.seats[key];
    seat.heard = now;
    return place(seat, most_devices(token.role), asking);
  });
  if (verdict == Verdict::in) return verdict;
  return open_.with([&](const auto& open) { return open.contains(token.lesson); }) ? Verdict::in : verdict;
}

void SeatDevices::open_to_all(const std::string& lesson) {
  open_.with([&](auto& open) { open.insert(lesson); });
}

std::string pass_of(std::string_view token, const Device& device) {
  std::string pass(token);
  pass += kMark;
  pass += device.name;
  pass += kMark;
  pass += device.address;
  return pass;
}

Pass read_pass(std::string_view pass) noexcept {
  Pass read{.token = pass.substr(0, pass.find(kMark)), .device = {}};
  pass.remove_prefix(std::min(read.token.size() + 1, pass.size()));
  read.device.name = pass.substr(0, pass.find(kMark));
  pass.remove_prefix(std::min(read.device.name.size() + 1, pass.size()));
  read.device.address = pass;
  return read;
}

}  // namespace tongke::school::links
