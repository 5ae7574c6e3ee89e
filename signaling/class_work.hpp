#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/protocol/news.hpp"

namespace tongke::signaling {

/// What a lesson's classes were asked, and what they answered: quick checks and the roll-call.
/// Answers are lines on disk, which may repeat; the last one counts.
///   a CHECK ITEM ROOM SEAT cBITS     chose these options
///   a CHECK ITEM ROOM SEAT nNUMBER   answered a number
///   h ROOM SEAT                      answered the roll-call
/// @thread one at a time
class ClassWork {
 public:
  static constexpr std::size_t kMaxChecks = 40;
  /// Number of a room by its id; nullopt when the lesson has no such room any more.
  using RoomNumber = std::function<std::optional<std::uint16_t>(std::string_view id)>;
  using Room = std::optional<std::uint16_t>;  ///< nullopt = every room

  // ---- asking ----
  [[nodiscard]] bool full() const noexcept { return checks_.size() >= kMaxChecks; }
  /// @param id  number of the check's event
  void ask(std::uint64_t id, Room room, std::vector<protocol::CheckItem> items);
  /// @return false when these pupils were called already: once a lesson
  [[nodiscard]] bool call(Room room);
  [[nodiscard]] bool called(std::uint16_t room) const {
    return called_everywhere_ || called_rooms_.contains(room);
  }

  // ---- answering ----
  /// The question as `room` was asked it; null when it was not.
  [[nodiscard]] const protocol::CheckItem* find(std::uint64_t check, std::uint8_t item,
                                                std::uint16_t room) const;
  /// @pre find() and the answer fits the question
  void answer(std::uint16_t room, std::uint32_t seat, const protocol::Answer& answer);
  /// @return whether that is new
  [[nodiscard]] bool here(std::uint16_t room, std::uint32_t seat) { return here_.emplace(room, seat).second; }
  [[nodiscard]] const std::set<std::pair<std::uint16_t, std::uint32_t>>& all_here() const noexcept {
    return here_;
  }
  /// Whether the answer is right; nullopt when the check does not say.
  [[nodiscard]] std::optional<bool> right(const protocol::Answer& answer) const;

  // ---- looking ----
  [[nodiscard]] std::vector<protocol::Answer> of_seat(std::uint16_t room, std::uint32_t seat) const;
  /// Every check this room was asked.
  [[nodiscard]] std::vector<std::uint64_t> asked(std::uint16_t room) const;
  [[nodiscard]] std::vector<protocol::ItemTally> tally(std::uint64_t check, std::uint16_t room) const;
  struct Place {
    std::uint64_t check = 0;
    std::uint16_t room = 0;
    std::uint8_t item = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  /// Who answered what. @param label  name of a seat @param only  these seats; null = all
  [[nodiscard]] std::vector<protocol::AnswerLine> answers(
      const Place& place, const std::function<std::string(std::uint32_t)>& label,
      const std::set<std::uint32_t>* only) const;
  /// Seats whose answers are new since the last call.
  [[nodiscard]] std::map<Place, std::set<std::uint32_t>> take_changed() {
    return std::exchange(changed_, {});
  }

  // ---- keeping ----
  [[nodiscard]] static std::string line(std::string_view room, std::uint32_t seat,
                                        const protocol::Answer& answer);
  [[nodiscard]] static std::string line(std::string_view room, std::uint32_t seat);
  /// Takes in a line again.  @return false when it is none, or of no check or room there is
  bool read(std::string_view line, const RoomNumber& room_number);
  /// A line as it stands there, whatever was asked.
  struct Line {
    bool here = false;  ///< to the roll-call; else `answer`
    protocol::Answer answer;
    std::string_view room;  ///< part of the line
    std::uint32_t seat = 0;
  };
  /// nullopt when it is none.
  [[nodiscard]] static std::optional<Line> parse(std::string_view line);

  /// Forgets what a seat answered; its class's numbers are news then.
  void forget(std::uint32_t seat);

 private:
  struct Check {
    Room room;
    std::vector<protocol::CheckItem> items;
    std::map<std::pair<std::uint16_t, std::uint32_t>, std::array<protocol::Reply, protocol::kMaxItems>>
        replies;
  };

  std::map<std::uint64_t, Check> checks_;
  bool called_everywhere_ = false;
  std::set<std::uint16_t> called_rooms_;
  std::set<std::pair<std::uint16_t, std::uint32_t>> here_;  ///< by room and seat
  std::map<Place, std::set<std::uint32_t>> changed_;
};

}  // namespace tongke::signaling
