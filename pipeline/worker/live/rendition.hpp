#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/av/fragment_muxer.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/timing/part_cutter.hpp"
#include "pipeline/worker/timing/timeline.hpp"

namespace tongke::pipeline::worker::live {

/// Takes messages for the relay.
using Emit = std::function<void(wire::Message)>;

/// A frame on the lesson's media clock.
struct Frame {
  base::MediaTime time{0};  ///< decode time, shifted so that a keyframe's equals its presentation time
  base::MediaTime pts{0};
  base::MediaTime duration{0};  ///< expected; the next frame's time settles it
  bool keyframe = false;
  std::uint32_t keyframe_number = 0;  ///< which of the input's, when it is one
  std::vector<std::uint8_t> bytes = {};
};

/// One rendition: frames in, Init and Parts out.
class Rendition {
 public:
  Rendition(std::string name, TrackKind kind, base::MediaTime part_target, base::MediaTime segment_target,
            Emit emit);

  /// Parameters for the frames of segments that begin after this call.
  /// @errors invalid: the packager refuses them; the rendition keeps the old ones
  [[nodiscard]] base::Result<void> configure(const StreamConfig& config);

  /// Whether configure() waits for a segment to begin before it takes effect.
  [[nodiscard]] bool waits_for_segment() const noexcept { return next_ != nullptr && muxer_ != nullptr; }

  /// Adds a frame. Frames come in order of time. One that follows configure() inside the
  /// segment of an earlier one is dropped.
  /// @return false when it was dropped
  bool add(const timing::Segment& segment, Frame frame);

  /// Emits what is left, as the end of its segment.
  void finish();

 private:
  struct Muxer {
    StreamConfig config;
    std::string codecs;
    std::unique_ptr<av::FragmentMuxer> muxer;
  };
  void settle(base::MediaTime until);
  void emit_part(bool ends_segment);
  void emit_init();

  std::string name_;
  TrackKind kind_;
  timing::PartCutter cutter_;
  base::MediaTime longest_segment_;
  Emit emit_;
  std::unique_ptr<Muxer> muxer_;
  std::unique_ptr<Muxer> next_;
  std::optional<Frame> pending_;  ///< waits for its successor, which settles its duration
  timing::Segment segment_;       ///< of pending_
  std::optional<wire::Part> part_;
};

}  // namespace tongke::pipeline::worker::live
