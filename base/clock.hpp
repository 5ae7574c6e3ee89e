#pragma once

#include <chrono>

namespace tongke::base {

/// A point on a lesson's media clock: microseconds since the lesson's first frame.
/// EXT-X-PROGRAM-DATE-TIME maps it to wall time. Never decreases within a rendition.
using MediaTime = std::chrono::microseconds;

/// Wall clock, for people and for files; may jump.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Monotonic clock, for deadlines.
using Steady = std::chrono::steady_clock;

[[nodiscard]] inline WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

[[nodiscard]] inline double seconds(MediaTime t) { return std::chrono::duration<double>(t).count(); }

}  // namespace tongke::base
