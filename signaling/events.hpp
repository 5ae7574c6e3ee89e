#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "signaling/protocol/frame.hpp"
#include "signaling/protocol/messages.hpp"
#include "signaling/visibility.hpp"

namespace tongke::signaling {

/// One thing that happened in a lesson, numbered, with the frame that tells it.
struct Event {
  std::uint64_t seq = 0;
  Kind kind = Kind::state;
  std::optional<std::uint16_t> room;
  protocol::FramePtr frame;
  base::Steady::time_point at{};
};

/// A lesson's events in order, so that a device which was away gets what it missed once:
/// what belongs to the lesson (`kept`) for as long as it is there, as it shows in a replay too,
/// the rest for kKept. Bounded: the oldest go first, and whoever is further behind than that
/// starts over.
/// @thread one at a time
class Events {
 public:
  static constexpr std::chrono::minutes kKept{10};
  static constexpr std::size_t kMaxNotes = 400;
  static constexpr std::size_t kMaxOthers = 400;
  /// Numbers skipped at each start of the server: what was told in the instant before it was
  /// killed may not have reached the disk, and its number must not be given twice.
  static constexpr std::uint64_t kSkip = 1000;

  explicit Events(std::string epoch) : epoch_(std::move(epoch)) {}
  /// Goes on after what was kept on disk.
  static Events restored(std::string epoch, std::deque<Event> notes);

  [[nodiscard]] const std::string& epoch() const noexcept { return epoch_; }
  /// Number of the newest event; 0 before the first.
  [[nodiscard]] std::uint64_t last() const noexcept { return last_; }
  [[nodiscard]] std::uint64_t next() const noexcept { return last_ + 1; }

  /// @pre event.seq == next()
  void push(Event event);
  /// Whether everything after `point` is still here.
  [[nodiscard]] bool reaches(const protocol::Point& point) const noexcept;
  /// Calls `each` for what came after `seq`, oldest first.
  template <class Each>
  void after(std::uint64_t seq, bool notes_only, Each&& each) const;

 private:
  void drop_old(base::Steady::time_point now);

  std::string epoch_;
  std::uint64_t last_ = 0;
  std::uint64_t dropped_ = 0;  ///< number of the newest event that is no longer here
  std::deque<Event> notes_;
  std::deque<Event> others_;
};

template <class Each>
void Events::after(std::uint64_t seq, bool notes_only, Each&& each) const {
  auto note = notes_.begin();
  auto other = notes_only ? others_.end() : others_.begin();
  while (note != notes_.end() || other != others_.end()) {
    const bool note_first = other == others_.end() || (note != notes_.end() && note->seq < other->seq);
    const Event& event = note_first ? *note++ : *other++;
    if (event.seq > seq) each(event);
  }
}

}  // namespace tongke::signaling
