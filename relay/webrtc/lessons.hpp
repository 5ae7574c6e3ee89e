#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/wire/ladder.hpp"

namespace tongke::relay::webrtc {

/// What WebRTC needs to know and ask of lessons; implemented by app/.  @thread control
class Lessons {
 public:
  virtual ~Lessons() = default;

  /// Whether this key may publish to this lesson now, before anything changes.
  /// @errors forbidden (wrong key or no such lesson), conflict (the lesson has ended)
  [[nodiscard]] virtual base::Result<void> may_publish(const std::string& lesson, const std::string& key) = 0;
  /// Whether the lesson can be watched live at all.  @errors not_found, conflict (it has ended)
  [[nodiscard]] virtual base::Result<void> may_watch(const std::string& lesson) = 0;

  /// A rendition that is made only on demand is wanted, or no longer.
  virtual void want(const std::string& lesson, const std::string& rendition, bool on) = 0;
  /// Smaller pictures that the lesson's present source can be had as.
  [[nodiscard]] virtual std::vector<const pipeline::wire::LadderStep*> steps(const std::string& lesson) = 0;
  /// Somebody watches such a step, and says so every few seconds.
  virtual void ask(const std::string& lesson, const std::string& step) = 0;
  virtual void request_keyframe(const std::string& lesson) = 0;
};

}  // namespace tongke::relay::webrtc
