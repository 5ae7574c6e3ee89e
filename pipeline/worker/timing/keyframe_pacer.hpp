#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace tongke::pipeline::worker::timing {

/// Decides when to ask a WebRTC publisher for a keyframe: browsers send none of themselves,
/// and every segment needs one. One question answers everybody who asks meanwhile. Pure.
class KeyframePacer {
 public:
  using Time = base::Steady::time_point;

  /// Encoders spend a multiple of a frame's bits on each.
  static constexpr std::chrono::milliseconds kLeast{500};
  /// What a question, the encoder and the way back take: asked so much before it is needed.
  static constexpr std::chrono::milliseconds kLead{150};

  explicit KeyframePacer(std::chrono::milliseconds segment) : every_(segment - kLead) {}

  void keyframe_came(Time now) {
    wanted_ = false;
    last_keyframe_ = now;
  }
  /// A viewer joins, a packet is lost for good, a stream begins.
  void request() { wanted_ = true; }

  /// Whether to ask now; then it counts as asked.
  [[nodiscard]] bool should_ask(Time now) {
    const bool segment_needs_one = last_keyframe_ && now - *last_keyframe_ >= every_;
    if (!wanted_ && !segment_needs_one) return false;
    if (last_question_ && now - *last_question_ < kLeast) return false;
    last_question_ = now;
    return true;
  }

 private:
  std::chrono::milliseconds every_;
  bool wanted_ = false;
  std::optional<Time> last_keyframe_;
  std::optional<Time> last_question_;
};

}  // namespace tongke::pipeline::worker::timing
