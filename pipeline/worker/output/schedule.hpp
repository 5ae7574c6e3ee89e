#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "pipeline/wire/messages.hpp"

struct AVCodecParameters;

namespace tongke::pipeline::worker::output {

/// A frame of the lesson on the media clock.
struct Unit {
  wire::TrackKind track = wire::TrackKind::video;
  base::MediaTime dts{0};
  base::MediaTime pts{0};
  bool keyframe = false;
  std::vector<std::uint8_t> bytes;  ///< as the rendition has them; none = a frame of silence
  std::shared_ptr<const AVCodecParameters> parameters = nullptr;  ///< a picture's
};

/// Decides when which frame goes out, so that something always does: each kind in the order of its
/// decoding when the clock has come to it, silence where the sound is missing (the publisher is
/// away), and everything put off when media comes later than it was due. Pure.
class Schedule {
 public:
  struct Rules {
    base::MediaTime tolerance{std::chrono::milliseconds(300)};  ///< so late a frame is still in time
    /// So much later than a picture of the same time its sound goes out.
    base::MediaTime sound_lag{0};
    /// So long sound that is due is waited for before silence takes its place; a frame at least.
    base::MediaTime grace{std::chrono::milliseconds(250)};
    base::MediaTime sound_frame{0};  ///< length of a frame of sound; 0 = no silence is put in
  };
  struct Counts {
    std::uint64_t late = 0;
    std::uint64_t overtaken = 0;  ///< frames in whose place silence was, or that came out of order
    std::uint64_t silent = 0;
  };

  explicit Schedule(Rules rules) : rules_(rules) {}

  void push(Unit unit);
  /// Drops pictures that wait and would go out at `from` or later, and sound that would last beyond it.
  /// What comes after this is not put off any more.
  void drop(base::MediaTime from);
  /// What has become due, its times those of the output.
  /// @param now  on the output's clock; must not decrease
  [[nodiscard]] std::vector<Unit> due(base::MediaTime now);

  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
  /// Frames that wait.
  [[nodiscard]] std::size_t waiting() const noexcept { return pictures_.size() + sound_.size(); }

 private:
  using Waiting = std::multimap<base::MediaTime, Unit>;  // by dts as it goes out

  void picture(Unit unit, std::vector<Unit>& out);
  void sound(Unit unit, std::vector<Unit>& out);
  /// Silence for whole frames that end at `until` or before.
  void fill(base::MediaTime until, std::vector<Unit>& out);

  const Rules rules_;
  Waiting pictures_;
  Waiting sound_;
  base::MediaTime shift_{0};  // what was put off so far
  std::optional<base::MediaTime> now_;
  std::optional<base::MediaTime> sound_until_;  // end of the last frame of sound, or where silence begins
  std::optional<base::MediaTime> last_video_;
  Counts counts_;
};

}  // namespace tongke::pipeline::worker::output
