#pragma once

#include <vector>

#include "relay/webrtc/media_frame.hpp"

namespace tongke::relay::webrtc {

/// Opus frames that leave as one packet, for lines where every byte counts: of each packet
/// about 70 bytes are headers, at 20 ms a frame 28 kbit/s, often more than the sound itself.
/// Nothing is decoded.
/// @thread one   @source RFC 6716 §3.1 (TOC), §3.2.5 (code 3)
class OpusGroup {
 public:
  /// Sound in one packet. A lost one is that much silence, and who listens hears it so much later.
  static constexpr std::chrono::milliseconds kLong{60};

  /// Whether `frame` can go into the same packet as those before it: of one sort, one right
  /// after the other, and all of it short enough.
  [[nodiscard]] bool takes(const MediaFrame& frame) const;
  void add(FramePtr frame);
  /// kLong, or cannot be joined with anything.
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool empty() const noexcept { return frames_.empty(); }
  /// Number of the last frame in it.
  [[nodiscard]] std::uint32_t last() const { return frames_.back()->number; }
  /// All of it as one frame. Not when empty.
  [[nodiscard]] FramePtr joined() const;
  void clear() noexcept;

 private:
  std::vector<FramePtr> frames_;
  std::size_t bytes_ = 0;
};

}  // namespace tongke::relay::webrtc
