#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::timing {

std::optional<std::int64_t> SampleClock::position(MediaTime at, std::int64_t samples) {
  const std::int64_t said = to_units(at, rate_);
  std::int64_t position = next_.value_or(said);
  const std::int64_t off = said - position;
  const std::int64_t tolerance = to_units(jump_, rate_);
  const std::int64_t drift = to_units(creep_, rate_);
  if (off > tolerance) {
    position = said;
  } else if (off < -tolerance) {
    return std::nullopt;
  } else if (off > drift) {
    ++position;
  } else if (off < -drift) {
    // One sample of overlap: the previous frame's duration gives way.
    --position;
  }
  next_ = position + samples;
  return position;
}

}  // namespace tongke::pipeline::worker::timing
