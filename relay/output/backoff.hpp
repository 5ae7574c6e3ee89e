#pragma once

#include <algorithm>
#include <chrono>

namespace tongke::relay::output {

/// How long to wait before a destination is tried again: 1 s, 2 s, 4 s … 30 s, and from the
/// beginning after it was reached for a minute. Pure.
class Backoff {
 public:
  static constexpr std::chrono::seconds kFirst{1};
  static constexpr std::chrono::seconds kMost{30};
  static constexpr std::chrono::seconds kForgive{60};

  /// @param lasted  how long the destination was reached just now; 0 when it was not
  [[nodiscard]] std::chrono::milliseconds failed(std::chrono::milliseconds lasted) {
    if (lasted >= kForgive) next_ = kFirst;
    const auto wait = next_;
    next_ = std::min<std::chrono::milliseconds>(next_ * 2, kMost);
    return wait;
  }

 private:
  std::chrono::milliseconds next_ = kFirst;
};

}  // namespace tongke::relay::output
