#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace tongke::relay::live {

/// When a publisher that is still connected counts as gone: it has sent nothing for a while,
/// and for longer than it usually leaves between two chunks (a lesson of stills alone may send
/// one a second).  Pure
class Silence {
 public:
  explicit Silence(std::chrono::milliseconds limit) : limit_(limit) {}

  void heard(base::Steady::time_point now) {
    if (heard_ != base::Steady::time_point{}) {
      usual_ += (std::min<base::Steady::duration>(now - heard_, kLongest) - usual_) / kMemory;
    }
    heard_ = now;
  }

  /// What is left until it counts as silent; zero or less: it is.
  [[nodiscard]] std::chrono::milliseconds left(base::Steady::time_point now) const {
    const auto limit = std::max<base::Steady::duration>(limit_, usual_ * kPatience);
    return std::chrono::ceil<std::chrono::milliseconds>(heard_ + limit - now);
  }

 private:
  static constexpr std::chrono::seconds kLongest{10};
  static constexpr int kMemory = 8;  ///< chunks that the usual pause is the mean of, about
  static constexpr int kPatience = 3;

  std::chrono::milliseconds limit_;
  base::Steady::time_point heard_{};
  base::Steady::duration usual_{0};
};

}  // namespace tongke::relay::live
