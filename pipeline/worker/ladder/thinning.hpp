#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace tongke::pipeline::worker::ladder {

/// Leaves pictures out where more come than a rendition may have. The first of a segment
/// always stays, and the rest depends on times within the segment alone, so that the same
/// segment is thinned out the same way whoever begins with it. Pure.
class Thinning {
 public:
  explicit Thinning(std::uint32_t frames_per_second) : most_(frames_per_second) {}

  [[nodiscard]] bool takes(base::MediaTime pts, bool begins_segment) const {
    return begins_segment || pts - last_ >= shortest();
  }
  void took(base::MediaTime pts, bool begins_segment) {
    if (!begins_segment) interval_ = pts - last_;
    last_ = pts;
  }

  /// How long a picture is expected to last.
  [[nodiscard]] base::MediaTime interval() const { return interval_; }

  /// The expectation before two pictures have been seen.
  void expect(double rate) {
    if (rate >= 1) interval_ = base::MediaTime(static_cast<std::int64_t>(1e6 / rate));
  }

 private:
  /// A little less than the rate asks for: timestamps are rounded.
  [[nodiscard]] base::MediaTime shortest() const { return base::MediaTime(950'000 / most_); }

  std::uint32_t most_;
  base::MediaTime last_{0};
  base::MediaTime interval_{40'000};
};

}  // namespace tongke::pipeline::worker::ladder
