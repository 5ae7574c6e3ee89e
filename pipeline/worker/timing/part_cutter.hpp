#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "pipeline/worker/timing/timeline.hpp"

namespace tongke::pipeline::worker::timing {

/// Where a frame lies in its rendition.
struct Place {
  std::uint32_t msn = 0;
  std::uint32_t index = 0;  ///< of the part within the segment
  bool begins_segment = false;
  bool begins_part = false;
};

/// Cuts one rendition's segments into parts, from timestamps alone.
class PartCutter {
 public:
  /// Video parts take frames while they stay within 21/20 of the target: at 24 and 29.97
  /// frames a second no whole number of frames fits the target closely enough for the 85 %
  /// rule otherwise. Audio parts follow the target's grid from the segment's start, so
  /// that audio has as many parts as video and no runts; they exceed the target by less
  /// than one frame.
  enum class Rule { video, audio };

  PartCutter(Rule rule, MediaTime target) : rule_(rule), target_(target) {}

  /// @param duration  expected (video) or exact (audio) duration of the frame
  Place place(const Segment& segment, MediaTime start, MediaTime duration);

 private:
  [[nodiscard]] bool fits(const Segment& segment, MediaTime start, MediaTime duration) const;

  Rule rule_;
  MediaTime target_;
  std::optional<std::uint32_t> msn_;
  std::uint32_t index_ = 0;
  MediaTime part_start_{0};
};

}  // namespace tongke::pipeline::worker::timing
