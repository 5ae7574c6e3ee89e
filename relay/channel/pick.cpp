#include "relay/channel/pick.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace tongke::relay::channel {
namespace {

/// Teachers begin a little early, and a clock may be late.
constexpr std::chrono::minutes kEarly{2};

}  // namespace

const Candidate* pick(std::span<const Candidate> candidates, base::WallTime now) {
  const auto rank = [&](const Candidate& one) {
    const bool due = one.starts <= now + kEarly;
    // Of those that are all early the first.
    const auto last = due ? one.starts.time_since_epoch() : -one.starts.time_since_epoch();
    return std::tuple(due, one.live, one.rooms, -static_cast<std::ptrdiff_t>(one.order), last, one.lesson);
  };
  const auto best = std::ranges::max_element(
      candidates, [&](const Candidate& a, const Candidate& b) { return rank(a) < rank(b); });
  return best == candidates.end() ? nullptr : &*best;
}

}  // namespace tongke::relay::channel
