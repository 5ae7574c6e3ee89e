#include "relay/load/admission.hpp"

#include <algorithm>
#include <functional>

namespace tongke::relay::load {

// A bucket as the moment at which it is full again: generic cell rate algorithm.
Admission::Time Admission::join(std::string_view viewer, bool priority, Time now) {
  if (now - forgot_ >= kMemory / 4) forget(now);
  const std::uint64_t who = std::hash<std::string_view>{}(viewer);
  if (const auto known = viewers_.find(who); known != viewers_.end()) {
    known->second.heard = now;
    return known->second.picture;
  }
  if (viewers_.size() >= kMost) return now;
  second_row_ = std::max(second_row_, now) + each_;
  if (priority) first_row_ = std::max(first_row_, now) + each_;
  const Time full = priority ? first_row_ : second_row_;
  const Time picture = std::clamp<Time>(full - kBurst, now, now + kLongest);
  viewers_.emplace(who, Viewer{picture, now});
  return picture;
}

void Admission::forget(Time now) {
  forgot_ = now;
  std::erase_if(viewers_, [&](const auto& each) { return now - each.second.heard > kMemory; });
}

}  // namespace tongke::relay::load
