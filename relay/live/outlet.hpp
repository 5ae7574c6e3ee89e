#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pipeline/wire/messages.hpp"
#include "relay/live/media.hpp"
#include "relay/live/on_air.hpp"
#include "relay/live/snapshot.hpp"
#include "relay/live/timeline.hpp"

namespace tongke::relay::live {

/// What a lesson needs of the rest of the server: a recording to continue and to write, and
/// somebody who serves its snapshots. Implemented by app/.  @thread control
class Outlet {
 public:
  virtual ~Outlet() = default;

  /// What was recorded of the lesson before; nullopt for a lesson never on air.
  [[nodiscard]] virtual std::optional<RecordedLesson> recorded(const std::string& lesson) = 0;
  /// Media is about to flow: begins the recording, or goes on with the one there is. The
  /// listener lives until end_recording(); null when lessons are not recorded.
  virtual TimelineListener* begin_recording(const std::string& lesson, base::WallTime started) = 0;
  virtual void record_gap(const std::string& lesson, Gap gap) = 0;
  virtual void end_recording(const std::string& lesson) = 0;

  virtual void publish(std::shared_ptr<const LessonSnapshot> snapshot) = 0;
  /// What is on air is another now; a lesson begins as `waiting`.
  virtual void on_air(const std::string& /*lesson*/, OnAir /*state*/) {}
  /// A frame for WebRTC viewers, in the order the pipeline made them.
  virtual void frame(const std::string& /*lesson*/, const pipeline::wire::Frame& /*frame*/) {}
};

}  // namespace tongke::relay::live
