#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "school/token.hpp"
#include "signaling/protocol/check.hpp"

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

/// Whether a class may talk; closed unless its own teacher opens it.
/// `moderated`: she reads each line before the class does.
enum class ChatMode : std::uint8_t { off = 0, moderated, open };
inline constexpr std::size_t kChatModeCount = 3;
[[nodiscard]] std::string_view to_string(ChatMode mode) noexcept;

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
/// "Page 12", when a player reaches `media_time`.
struct Page {
  base::MediaTime media_time{0};
  std::uint32_t page = 1;
  std::string text;  ///< of which book; may be empty
  std::string room;  ///< empty = like Note::room
};
/// A part of the lesson begins at `media_time`.
struct Chapter {
  base::MediaTime media_time{0};
  std::string text;
};
/// Questions to a class, shown when a player reaches `media_time`.
struct Check {
  base::MediaTime media_time{0};
  std::vector<CheckItem> items;
  std::string room;  ///< empty = like Note::room
};
/// A pupil's answer to one question; the last one counts.
struct Answer {
  std::uint64_t check = 0;  ///< number of the check's event
  std::uint8_t item = 0;
  Reply reply;
};
/// "Who is here?", asked at most once.
struct RollCall {
  std::string room;  ///< empty = like Note::room
};
struct Here {};
/// Between a pupil and his own teacher, for nobody else's eyes.
struct Help {
  std::string text;
  std::optional<std::uint32_t> seat;  ///< whom a teacher answers
  std::string room;
};
struct Hand {
  bool on = false;
  std::optional<std::uint32_t> seat;  ///< whose hand a teacher takes down
  std::string room;
};
struct Chat {
  std::string text;
  std::string room;
};
struct SetChat {
  ChatMode mode = ChatMode::off;
  std::string room;
};
/// Shows a line that waits, or takes one away.
struct JudgeChat {
  std::uint64_t id = 0;
  bool show = false;
};
/// A line from a class's teacher to the lead.
struct Digest {
  std::string text;
  std::string room;
};
struct Bye {};
using ClientMessage =
    std::variant<Hello, Presence, Companion, Sibling, Note, Unclear, Freeze, Page, Chapter, Check, Answer,
                 RollCall, Here, Help, Hand, Chat, SetChat, JudgeChat, Digest, Bye>;

/// What is on air.
enum class OnAir : std::uint8_t { waiting = 0, live, interrupted, ended };
[[nodiscard]] std::string_view to_string(OnAir state) noexcept;

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
