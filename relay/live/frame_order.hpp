#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "pipeline/wire/messages.hpp"

namespace tongke::relay::live {

/// Keeps a replay from reaching WebRTC viewers: after a crash the new child makes the frames
/// of the segment once more, the same ones, and viewers want only what comes after those
/// they have.  @thread control; pure
class FrameOrder {
 public:
  /// Whether nobody has had this frame.
  [[nodiscard]] bool is_new(const pipeline::wire::Frame& frame) {
    Track& track = tracks_[frame.rendition];
    if (track.replayed && frame.pts <= track.newest) return false;
    // Pictures come in decode order: once the replay is over an earlier pts is no repetition.
    track.replayed = false;
    track.newest = std::max(track.newest, frame.pts);
    return true;
  }

  /// What comes next may have been here before.
  void replayed_from_here() {
    for (auto& [rendition, track] : tracks_) track.replayed = true;
  }

 private:
  struct Track {
    base::MediaTime newest{base::MediaTime::min()};
    bool replayed = false;
  };
  std::map<std::string, Track> tracks_;  // by rendition: a handful
};

}  // namespace tongke::relay::live
