#include "pipeline/worker/timing/part_cutter.hpp"

namespace tongke::pipeline::worker::timing {

Place PartCutter::place(const Segment& segment, MediaTime start, MediaTime duration) {
  const bool begins_segment = segment.msn != msn_;
  const bool begins_part = begins_segment || !fits(segment, start, duration);
  if (begins_segment) {
    msn_ = segment.msn;
    index_ = 0;
  } else if (begins_part) {
    ++index_;
  }
  if (begins_part) part_start_ = start;
  return {.msn = segment.msn, .index = index_, .begins_segment = begins_segment, .begins_part = begins_part};
}

bool PartCutter::fits(const Segment& segment, MediaTime start, MediaTime duration) const {
  if (rule_ == Rule::video) return start + duration - part_start_ <= target_ * 21 / 20;
  const auto cell = [&](MediaTime at) { return (at - segment.start + duration / 2) / target_; };
  return cell(start) <= cell(part_start_);
}

}  // namespace tongke::pipeline::worker::timing
