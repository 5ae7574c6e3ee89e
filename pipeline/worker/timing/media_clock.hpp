#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "pipeline/wire/messages.hpp"

namespace tongke::pipeline::worker::timing {

using base::MediaTime;
using wire::TrackKind;

/// Maps the input's running time to the lesson's media clock. Both tracks share one
/// offset, so what was in sync stays in sync. When the input's time jumps (an encoder
/// restarted, a camera's clock was set) the offset moves so that media time goes on from
/// where it was; the other track adopts that offset when it makes the same jump.
class MediaClock {
 public:
  /// What the input's running time is worth.
  enum class Trust : std::uint8_t {
    jumps,  ///< timestamps of an encoder or a camera, which may begin anew
    steady  ///< arrival times, both tracks held together by RTCP: never to be bridged
  };

  /// @param input  the running time that becomes `media`
  MediaClock(MediaTime input, MediaTime media, Trust trust = Trust::jumps);

  /// Media time of a frame. Does not decrease by more than `kBackward` within a track.
  /// @param input     decode time in the input's running time
  /// @param duration  of the frame, nominal: what a bridged jump advances by
  MediaTime map(TrackKind track, MediaTime input, MediaTime duration);

  /// What map() added to the last frame of `track`; adds to its presentation time too.
  [[nodiscard]] MediaTime offset(TrackKind track) const { return tracks_[index(track)].offset; }

  /// The input begins anew with unrelated timestamps: the next frame gets `resume`, or the
  /// end of what there is if that is later.
  void restart(MediaTime resume);

  [[nodiscard]] std::uint64_t jumps() const { return jumps_; }
  /// Where the later of both tracks ends.
  [[nodiscard]] MediaTime end() const { return end_; }

 private:
  struct Track {
    MediaTime offset{0};
    std::uint64_t epoch = 0;
    std::optional<MediaTime> last;  ///< media time of the last frame
    MediaTime end{0};
  };
  static constexpr std::size_t index(TrackKind kind) { return static_cast<std::size_t>(kind); }
  [[nodiscard]] bool continues(const Track& track, MediaTime media) const;

  Trust trust_;
  std::array<Track, 2> tracks_;
  MediaTime newest_offset_;
  std::uint64_t epoch_ = 0;
  std::uint64_t jumps_ = 0;
  MediaTime end_;
  std::optional<MediaTime> resume_;  ///< set by restart() until the first frame after it
};

}  // namespace tongke::pipeline::worker::timing
