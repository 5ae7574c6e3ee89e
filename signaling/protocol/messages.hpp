#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "school/token.hpp"

/// `tongke.v1`: what clients and server say on the websocket. docs/protocol.md tells it in
/// prose, tongke.v1.schema.json in JSON Schema; frames are JSON text of at most 2 kB.
namespace tongke::signaling::protocol {

inline constexpr std::string_view kSubprotocol = "tongke.v1";
inline constexpr std::size_t kMaxFrame = 2048;

/// What a player is doing. `audio` is playing without the picture.
enum class Play : std::uint8_t { playing = 0, stalled, audio, paused };
inline constexpr std::size_t kPlayCount = 4;
[[nodiscard]] std::string_view to_string(Play play) noexcept;

enum class Screen : std::uint8_t { phone = 0, tv, computer };
inline constexpr std::size_t kScreenCount = 3;
[[nodiscard]] std::string_view to_string(Screen screen) noexcept;

/// Who of the family sits beside the pupil. Declared, never required.
enum class Who : std::uint8_t { none = 0, mother, father, grandparent, sibling, other };
inline constexpr std::size_t kWhoCount = 6;
[[nodiscard]] std::string_view to_string(Who who) noexcept;

/// How far a device has got in a lesson's events.
struct Point {
  std::string epoch;
  std::uint64_t seq = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

// ---- what clients say ----

/// `hello`, or `resume` when it says where it left off. Always the first frame.
struct Hello {
  std::string token;
  std::string device;  ///< the same for as long as the page is open; empty = not told
  Screen screen = Screen::phone;
  std::optional<Point> resume;
};
struct Presence {
  base::MediaTime media_time{0};
  Play state = Play::playing;
  std::string rendition;  ///< empty = not told
};
struct Companion {
  Who who = Who::none;
};
/// Another child at the same player, with a link of its own to the same lesson.
struct Sibling {
  std::string token;
};
/// A remark that shows when a player reaches `media_time`.
struct Note {
  base::MediaTime media_time{0};
  std::string text;
  std::string room;  ///< empty = the author's only room, or the whole lesson for its lead
};
struct Unclear {
  base::MediaTime media_time{0};
};
struct Freeze {
  bool on = false;
  std::string room;  ///< empty = like Note::room
};
struct Bye {};
using ClientMessage = std::variant<Hello, Presence, Companion, Sibling, Note, Unclear, Freeze, Bye>;

// ---- what the server says ----

/// What is on air.
enum class OnAir : std::uint8_t { waiting = 0, live, interrupted, ended };
[[nodiscard]] std::string_view to_string(OnAir state) noexcept;

struct RoomName {
  std::string id;
  std::string label;
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
  std::optional<base::WallTime> since;  ///< companion's, else of the state
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

/// Why the server ends a connection. The values are websocket close codes.
enum class Close : std::uint16_t {
  normal = 1000,
  restarting = 1001,    ///< come back after a while
  bad_frame = 4400,     ///< the client breaks the protocol; do not come back
  no_hello = 4401,      ///< nothing said in time
  not_found = 4404,     ///< no such link any more, or never; do not come back
  slow = 4408,          ///< too far behind; come back and resume
  third_device = 4409,  ///< the seat has its devices; do not come back by yourself
  replaced = 4410,      ///< the same device came again
  ended = 4411,         ///< the lesson was taken away; do not come back
  too_fast = 4429,      ///< said far too much; come back later
};
[[nodiscard]] std::string_view to_string(Close reason) noexcept;

}  // namespace tongke::signaling::protocol
