#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace tongke::signaling {

/// A token bucket: so many at once, so many a second on the long run.
class RateLimit {
 public:
  static constexpr float kBurst = 20;
  static constexpr float kPerSecond = 2;

  /// Whether one more is allowed now.
  bool take(base::Steady::time_point now) {
    const float seconds = std::chrono::duration<float>(now - last_).count();
    left_ = last_ == base::Steady::time_point{} ? kBurst : std::min(kBurst, left_ + seconds * kPerSecond);
    last_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  float left_ = kBurst;
  base::Steady::time_point last_{};
};

}  // namespace tongke::signaling
