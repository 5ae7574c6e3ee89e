#pragma once

#include <cstdint>
#include <deque>

#include "base/clock.hpp"
#include "relay/webrtc/media_frame.hpp"

namespace tongke::relay::webrtc {

/// A rendition's latest frames: for those who join (since the last keyframe) and for those who
/// lost something (a moment more). Bounded in bytes; frames are shared, so two of these cost
/// little more than one.  @thread one
class History {
 public:
  /// More than this since the last keyframe is kept for nobody: who joins waits for a keyframe.
  static constexpr std::size_t kMaxBytes = 8U << 20U;
  /// What lost packets are sent again from, at least.
  static constexpr base::MediaTime kRepair{std::chrono::seconds(2)};

  void push(FramePtr frame);
  void clear();

  /// The frame of that number; null when it is gone.
  [[nodiscard]] const MediaFrame* find(std::uint32_t number) const noexcept;
  [[nodiscard]] const std::deque<FramePtr>& frames() const noexcept { return frames_; }
  /// Index of the last keyframe in frames(); its size when there is none.
  [[nodiscard]] std::size_t last_key() const noexcept { return key_; }
  /// Bits per second over the last seconds; 0 when nothing was seen yet.
  [[nodiscard]] std::uint64_t bitrate() const noexcept { return bitrate_; }
  [[nodiscard]] bool empty() const noexcept { return frames_.empty(); }

 private:
  void measure(const MediaFrame& frame);
  void trim();

  std::deque<FramePtr> frames_;
  std::size_t bytes_ = 0;
  std::size_t key_ = 0;
  std::uint64_t bitrate_ = 0;
  std::size_t window_bytes_ = 0;
  base::MediaTime window_start_{-1};
};

}  // namespace tongke::relay::webrtc
