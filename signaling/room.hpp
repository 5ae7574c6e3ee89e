#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "school/token.hpp"
#include "signaling/protocol/news.hpp"
#include "signaling/room_directory.hpp"

namespace tongke::signaling {

using ConnectionId = std::uint64_t;

/// One device of somebody in a lesson.
struct Member {
  ConnectionId id = 0;
  school::Role role = school::Role::pupil;
  std::uint32_t link = 0;             ///< the token's seat number: which link
  std::optional<std::uint32_t> seat;  ///< the pupil's who is counted; none for grown-ups
  std::vector<std::uint16_t> rooms;
  std::string label;
  std::string device;
  protocol::Screen screen = protocol::Screen::phone;
  protocol::Play play = protocol::Play::paused;
  /// Seats this player shows the lesson to, by room: its own and siblings'.
  std::vector<std::pair<std::uint16_t, std::uint32_t>> counted;
};

/// Now, on both clocks.
struct Instant {
  base::Steady::time_point steady;
  base::WallTime wall;
};

/// A class in a lesson: who of it is here.  @thread one at a time
class Room {
 public:
  /// Fetched media counts as being here for this long.
  static constexpr std::chrono::seconds kMediaLasts{20};
  /// "Did not follow" is news for this long.
  static constexpr std::chrono::minutes kUnclearLasts{3};

  explicit Room(const RoomPlan& plan) { rename(plan); }
  /// Takes over names and who is expected.
  void rename(const RoomPlan& plan);

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::string& label() const noexcept { return label_; }

  void attach(std::uint32_t seat, Member& member, base::WallTime now);
  void detach(std::uint32_t seat, Member& member, base::WallTime now);
  /// A device of the seat said something new of itself.
  void touched(std::uint32_t seat, base::WallTime now);
  void note_media(std::uint32_t seat, const Instant& now);
  void set_companion(std::uint32_t seat, protocol::Who who, base::WallTime now);
  void set_unclear(std::uint32_t seat, base::MediaTime at, base::Steady::time_point now);
  /// @return whether that is new
  bool set_hand(std::uint32_t seat, bool up, base::WallTime now);
  [[nodiscard]] bool hand_of(std::uint32_t seat) const;
  /// The seat answered the roll-call.
  void set_here(std::uint32_t seat);
  /// There is no such child any more.  @pre none of its devices is here   @return whether it was known
  bool forget(std::uint32_t seat);

  // What its teachers set.
  protocol::ChatMode chat = protocol::ChatMode::off;
  protocol::Rest rest = protocol::Rest::none;
  bool frozen = false;

  /// Whoever stopped fetching media is gone; old "unclear" is forgotten.
  /// @return whether the unclear list changed
  bool expire(const Instant& now);

  /// Whether the seat is expected here or was here.
  [[nodiscard]] bool knows(std::uint32_t seat) const { return seats_.contains(seat); }
  [[nodiscard]] std::string label_of(std::uint32_t seat) const;
  [[nodiscard]] std::pair<protocol::Who, base::WallTime> companion_of(std::uint32_t seat) const;
  [[nodiscard]] std::vector<protocol::SeatLine> all_seats() const;
  /// Those that changed since the last call.
  [[nodiscard]] std::vector<protocol::SeatLine> take_changed();
  [[nodiscard]] std::vector<protocol::UnclearSeat> unclear() const;
  [[nodiscard]] protocol::RoomCount count() const;

 private:
  struct Seat {
    std::string label;
    bool expected = false;
    bool seen = false;
    std::vector<Member*> devices;
    std::optional<base::Steady::time_point> media;  ///< last fetch, while it counts
    protocol::Who companion = protocol::Who::none;
    base::WallTime companion_since{};
    base::WallTime since{};  ///< of the state
    std::string_view state = "absent";
    std::optional<std::pair<base::MediaTime, base::Steady::time_point>> unclear;
    std::optional<base::WallTime> hand;
    bool here = false;
  };
  void settle(std::uint32_t number, Seat& seat, base::WallTime now);
  [[nodiscard]] static protocol::SeatLine line(std::uint32_t number, const Seat& seat);

  std::string id_;
  std::string label_;
  std::map<std::uint32_t, Seat> seats_;
  std::set<std::uint32_t> changed_;
  std::set<std::uint32_t> by_media_;  ///< seats whose `media` is set
  std::set<std::uint32_t> unclear_;
};

}  // namespace tongke::signaling
