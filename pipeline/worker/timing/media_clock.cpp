#include "pipeline/worker/timing/media_clock.hpp"

#include <algorithm>
#include <chrono>

namespace tongke::pipeline::worker::timing {
namespace {

using namespace std::chrono_literals;

/// Encoders that lag write timestamps a little out of order; more is a jump.
constexpr MediaTime kBackward = 500ms;
/// A track may pause (shared screens do), but not both of them for long.
constexpr MediaTime kForward = 3s;

}  // namespace

MediaClock::MediaClock(MediaTime input, MediaTime media, Trust trust)
    : trust_(trust), newest_offset_(media - input), end_(media) {
  for (Track& track : tracks_) {
    track.offset = newest_offset_;
    track.end = media;
  }
}

bool MediaClock::continues(const Track& track, MediaTime media) const {
  if (track.last && media < *track.last - kBackward) return false;
  // Before a track's first frame only its distance to the other one can be judged.
  if (!track.last && media < end_ - kForward) return false;
  return media <= end_ + kForward;
}

MediaTime MediaClock::map(TrackKind kind, MediaTime input, MediaTime duration) {
  Track& track = tracks_[index(kind)];
  if (resume_) {
    end_ = std::max(*resume_, end_);
    newest_offset_ = end_ - input;
    ++epoch_;
    resume_.reset();
    for (Track& each : tracks_)
      each = {.offset = newest_offset_, .epoch = epoch_, .last = {}, .end = each.end};
  }
  if (trust_ == Trust::jumps && !continues(track, input + track.offset)) {
    if (track.epoch == epoch_ || !continues(track, input + newest_offset_)) {
      newest_offset_ = (track.last ? track.end : end_) - input;
      ++epoch_;
      ++jumps_;
    }
    track.offset = newest_offset_;
    track.epoch = epoch_;
  }
  const MediaTime media = input + track.offset;
  track.last = media;
  track.end = std::max(track.end, media + duration);
  end_ = std::max(end_, track.end);
  return media;
}

void MediaClock::restart(MediaTime resume) { resume_ = resume; }

}  // namespace tongke::pipeline::worker::timing
