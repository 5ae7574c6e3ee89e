#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace tongke::pipeline::worker::timing {

using base::MediaTime;

[[nodiscard]] constexpr std::int64_t to_units(MediaTime time, std::int64_t rate) {
  const std::int64_t scaled = time.count() * rate;
  return (scaled + (scaled < 0 ? -500'000 : 500'000)) / 1'000'000;
}
[[nodiscard]] constexpr MediaTime from_units(std::int64_t units, std::int64_t rate) {
  const std::int64_t scaled = units * 1'000'000;
  return MediaTime((scaled + (scaled < 0 ? -rate / 2 : rate / 2)) / rate);
}

/// Gives audio frames sample-exact positions, although containers round their timestamps
/// (FLV to 1 ms). Follows a drifting source one sample a frame; jumps when it is off by
/// more than rounding and jitter explain.
class SampleClock {
 public:
  explicit SampleClock(std::int64_t rate) : rate_(rate) {}
  /// One that never creeps after its source, but jumps once it is off by more than `jump`.
  SampleClock(std::int64_t rate, MediaTime jump) : rate_(rate), jump_(jump), creep_(jump) {}

  /// Position in samples since media time zero; nullopt if the frame lies (mostly) before
  /// the end of the one before: drop it.
  std::optional<std::int64_t> position(MediaTime at, std::int64_t samples);

 private:
  std::int64_t rate_;
  MediaTime jump_{std::chrono::milliseconds(60)};
  MediaTime creep_{std::chrono::milliseconds(5)};
  std::optional<std::int64_t> next_;
};

}  // namespace tongke::pipeline::worker::timing
