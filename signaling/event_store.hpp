#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "school/line_log.hpp"
#include "signaling/class_work.hpp"
#include "signaling/events.hpp"
#include "signaling/own_work.hpp"
#include "signaling/talk.hpp"

namespace tongke::signaling {

/// Keeps a lesson on disk, line by line:
///   <lesson>.events   a line with the epoch, then the frame of each event that belongs to the
///                     lesson (checks together with what is right); it lies beside the recording
///   <lesson>.answers  who answered what; ClassWork's lines
///   <lesson>.talk     private help and chat; Talk's lines. Goes into no replay
/// @thread one at a time, except where said
class EventStore {
 public:
  using RoomNumber = ClassWork::RoomNumber;
  struct Kept {
    Events events;
    ClassWork work;
    Talk talk;
  };

  explicit EventStore(school::LineLog& log) : log_(log) {}

  /// What is known of the lesson; a new epoch when nothing is. Reads small files.
  [[nodiscard]] Kept load(const std::string& lesson, const RoomNumber& room_number);

  // Each returns false when the disk does not keep up; what is told is told all the same.
  bool keep_event(const std::string& lesson, std::string_view frame);
  bool keep_answer(const std::string& lesson, std::string line);
  bool keep_talk(const std::string& lesson, std::string line);

  /// What the files have of one seat.  @errors io   @thread any that may wait for the disk
  [[nodiscard]] base::Result<OwnWork> of_seat(const std::string& lesson, std::uint32_t seat) const;
  /// Takes a seat's answers and talk out of the files.
  /// @errors as LineLog::rewrite   @thread as LineLog::rewrite
  [[nodiscard]] base::Result<void> forget_answers(const std::string& lesson, std::uint32_t seat);
  [[nodiscard]] base::Result<void> forget_talk(const std::string& lesson, std::uint32_t seat);

 private:
  school::LineLog& log_;
};

/// The events file's text, as far as it makes sense: events, and what was asked; nullopt without
/// an epoch.  Pure.
[[nodiscard]] std::optional<EventStore::Kept> parse_events(std::string_view text,
                                                           const EventStore::RoomNumber& room_number);

}  // namespace tongke::signaling
