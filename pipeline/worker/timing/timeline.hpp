#pragma once

#include <cstdint>
#include <deque>

#include "base/clock.hpp"

namespace tongke::pipeline::worker::timing {

using base::MediaTime;

/// A segment of the lesson: its number and where it begins on the media clock.
struct Segment {
  std::uint32_t msn = 0;
  MediaTime start{0};
  bool independent = false;  ///< begins with a video keyframe

  friend bool operator==(const Segment&, const Segment&) = default;
};

/// Decides where segments begin, from timestamps alone, so that the same input replayed
/// from a segment start gives the same segments. Video decides; audio follows, and decides
/// by itself only where there is no video. Nothing here depends on arrival times.
///
/// A segment ends at a keyframe once it is 3/4 of the target long, or 0.4 s if it began
/// without a keyframe; without a keyframe it ends at 6/5 of the target, so that every
/// duration still rounds to the target (RFC 8216 section 4.3.3.1).
class Timeline {
 public:
  Timeline(MediaTime target, MediaTime start, std::uint32_t first_msn, bool independent);

  /// The segment of a video frame; may begin a new one there.
  /// @param at        decode time, later than every frame before
  /// @param duration  the frame's expected duration
  /// @param must_cut  the frame cannot share a segment with its predecessors (new parameters)
  Segment video(MediaTime at, MediaTime duration, bool keyframe, bool must_cut);

  /// The segment of an audio frame. @param middle  of the frame: a frame belongs to the
  /// segment that holds most of it.
  /// @param may_cut  there is no video to wait for at this time: cut at the target
  Segment audio(MediaTime start, MediaTime middle, bool may_cut);

  /// Makes the next frame that can begin a segment do so.
  void request_cut() { cut_requested_ = true; }

 private:
  Segment cut(MediaTime at, bool independent);
  [[nodiscard]] Segment holding(MediaTime at) const;

  MediaTime target_;
  std::deque<Segment> segments_;  ///< the newest few; the last is open
  bool cut_requested_ = false;
};

}  // namespace tongke::pipeline::worker::timing
