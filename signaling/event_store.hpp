#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "school/line_log.hpp"
#include "signaling/events.hpp"

namespace tongke::signaling {

/// Keeps a lesson's notes on disk: a line with the epoch, then each note's frame as it was
/// sent. The same text lies beside the recording for replays.
/// @thread one at a time
class EventStore {
 public:
  /// Number of a room by its id; nullopt when the lesson has no such room any more.
  using RoomNumber = std::function<std::optional<std::uint16_t>(std::string_view id)>;

  explicit EventStore(school::LineLog& log) : log_(log) {}

  /// What is known of the lesson; a new epoch when nothing is. Reads a small file.
  [[nodiscard]] Events load(const std::string& lesson, const RoomNumber& room_number);
  /// @return false when the disk does not keep up; the note is told all the same
  bool keep(const std::string& lesson, const Event& event);

 private:
  school::LineLog& log_;
};

/// The events file's text, as far as it makes sense; nullopt without an epoch.  Pure.
[[nodiscard]] std::optional<Events> parse_events(std::string_view text,
                                                 const EventStore::RoomNumber& room_number);

}  // namespace tongke::signaling
