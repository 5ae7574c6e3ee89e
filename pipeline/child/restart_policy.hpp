#pragma once

#include <algorithm>
#include <chrono>
#include <deque>

#include "base/clock.hpp"

namespace tongke::pipeline {

/// What to do after a child has crashed: at once at first, then ever later, and from the
/// second crash in ten seconds on without decoding anything. Pure.
class RestartPolicy {
 public:
  struct Decision {
    std::chrono::milliseconds delay{0};
    bool passthrough_only = false;
  };

  static constexpr std::chrono::seconds kWindow{10};
  /// Decoding is tried again after this long without a crash.
  static constexpr std::chrono::minutes kForgiveAfter{5};

  [[nodiscard]] Decision crashed(base::Steady::time_point now) {
    if (!crashes_.empty() && now - crashes_.back() > kForgiveAfter) passthrough_only_ = false;
    crashes_.push_back(now);
    while (now - crashes_.front() > kWindow) crashes_.pop_front();
    if (crashes_.size() >= 2) passthrough_only_ = true;
    // 0, 0, 200 ms, 400 ms … 3.2 s: a poisonous stream must not become a fork bomb.
    const auto extra = crashes_.size() > 2 ? crashes_.size() - 3 : 0;
    const auto delay = crashes_.size() > 2
                           ? std::chrono::milliseconds(200LL << std::min<std::size_t>(extra, 4))
                           : std::chrono::milliseconds(0);
    return {delay, passthrough_only_};
  }

 private:
  std::deque<base::Steady::time_point> crashes_;  // within the window
  bool passthrough_only_ = false;
};

}  // namespace tongke::pipeline
