#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/protocol/messages.hpp"

/// What the server says, as values; encode.hpp makes frames of them.
namespace tongke::signaling::protocol {

/// Why a class rests in place of the stream.
enum class Rest : std::uint8_t { none = 0, cap, evening };
inline constexpr std::size_t kRestCount = 3;
[[nodiscard]] std::string_view to_string(Rest rest) noexcept;

/// A room as those in it know it.
struct RoomName {
  std::string id;
  std::string label;
  ChatMode chat = ChatMode::off;
  Rest rest = Rest::none;
};
struct Welcome {
  std::string lesson;
  school::Role role = school::Role::pupil;
  std::vector<RoomName> rooms;  ///< the viewer's own
  std::optional<std::uint32_t> seat;
  std::string label;
  Point at;
  bool resumed = false;  ///< what was missed follows; else everything does
  OnAir state = OnAir::waiting;
  bool frozen = false;
  base::WallTime now{};
  std::chrono::seconds heartbeat{30};
};

/// A pupil as those who may know names see him.
struct SeatLine {
  std::uint32_t seat = 0;
  std::string label;
  std::string_view state;  ///< "absent", "gone", "media" or a Play
  unsigned devices = 0;
  bool tv = false;
  Who companion = Who::none;
  std::optional<base::WallTime> since;      ///< companion's, else of the state
  std::optional<base::WallTime> hand = {};  ///< up since
  bool here = false;                        ///< answered the roll-call
};
struct RoomCount {
  std::string room;
  std::string label;
  std::uint32_t expected = 0;
  std::uint32_t present = 0;
  std::uint32_t stalled = 0;
  std::uint32_t audio = 0;
  std::uint32_t gone = 0;
  std::uint32_t companions = 0;
  std::uint32_t unclear = 0;
  std::uint32_t hands = 0;
  std::uint32_t here = 0;
  Rest rest = Rest::none;
  friend bool operator==(const RoomCount&, const RoomCount&) = default;
};
struct TeacherLine {
  std::string label;
  std::vector<std::string> rooms;  ///< labels
  std::uint32_t minutes = 0;
};
struct UnclearSeat {
  std::uint32_t seat = 0;
  std::string label;
  base::MediaTime media_time{0};
};

/// A line between a pupil and his teacher.
struct HelpLine {
  std::uint64_t id = 0;  ///< grows; a line told twice has the same
  std::string room;
  std::uint32_t seat = 0;
  std::string label;  ///< the pupil's
  bool from_teacher = false;
  std::string text;
  base::WallTime at{};
};

/// How a line of the class's chat is shown to one reader. A pupil never reads whose it is.
struct ChatLine {
  std::uint64_t id = 0;
  std::string room;
  std::string from;  ///< a name, for the teacher; else empty
  bool from_teacher = false;
  bool mine = false;
  bool pending = false;  ///< waits for the teacher
  std::string text;
  base::WallTime at{};
};

/// How a class answers a question, in numbers.
struct ItemTally {
  Ask kind = Ask::single;
  std::uint32_t answered = 0;
  std::optional<std::uint32_t> right;                          ///< when the check says what is right
  std::vector<std::uint32_t> choices;                          ///< by option
  std::vector<std::pair<std::string, std::uint32_t>> numbers;  ///< the most frequent, at most kMaxNumbers
};
inline constexpr std::size_t kMaxNumbers = 6;

/// What one pupil answered, for his own teacher.
struct AnswerLine {
  std::uint32_t seat = 0;
  std::string label;
  Reply reply;
  std::optional<bool> right;
};

}  // namespace tongke::signaling::protocol
