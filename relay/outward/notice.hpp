#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

/// What the school says to the outside: group robots and other people's programs. Nothing personal
/// leaves by it (PR-6): these types have no place for a person.
namespace tongke::relay::outward {

enum class Event : std::uint8_t {
  soon,         ///< begins in a few minutes
  live,         ///< on air
  interrupted,  ///< off it, for longer than a moment
  resumed,      ///< on air again
  changed,      ///< other times or other classes
  cancelled,
  ended,
  replay,    ///< the recording is complete
  trouble,   ///< not everything is recorded
  whole,     ///< everything is recorded again
  busy,      ///< the machine is too busy for every picture
  relieved,  ///< and no longer
  trial      ///< a technician asks whether messages arrive
};
inline constexpr std::size_t kEventCount = 13;
/// Whether it is about a lesson; else about the server itself.
[[nodiscard]] constexpr bool has_lesson(Event event) noexcept {
  return event != Event::busy && event != Event::relieved && event != Event::trial;
}
/// "lesson.soon", "recording.trouble", …: as documented, and as the journal has them.
[[nodiscard]] std::string_view to_string(Event event) noexcept;
[[nodiscard]] std::optional<Event> event_from(std::string_view name) noexcept;

enum class State : std::uint8_t { waiting, live, interrupted, ended };
[[nodiscard]] std::string_view to_string(State state) noexcept;
[[nodiscard]] std::optional<State> state_from(std::string_view name) noexcept;

/// Who sits in a room: the label of an original class or of a layer group, never a pupil's.
struct RoomLabel {
  std::string school = {};
  std::string label = {};  ///< "三年级2班"
  friend bool operator==(const RoomLabel&, const RoomLabel&) = default;
};

/// What anybody may know of a lesson.
struct LessonInfo {
  std::string id = {};
  std::string title = {};
  State state = State::waiting;
  bool drill = false;
  std::optional<base::WallTime> planned_start = {};
  std::optional<base::WallTime> planned_end = {};
  std::optional<base::WallTime> started = {};
  std::optional<base::WallTime> ended = {};
  std::vector<RoomLabel> rooms = {};
  friend bool operator==(const LessonInfo&, const LessonInfo&) = default;
};

struct Notice {
  std::string id = {};  ///< the same at every try: receivers tell repeats by it
  Event event = Event::trial;
  base::WallTime at{};
  LessonInfo lesson = {};
  std::string trouble =
      {};  ///< with Event::trouble: record::Trouble's code; with Event::busy: load::Level's name
  friend bool operator==(const Notice&, const Notice&) = default;
};

/// A new one, with an id of its own.  @thread any
[[nodiscard]] Notice make_notice(Event event, LessonInfo lesson, base::WallTime at);

/// As webhooks get it (docs/outward.md) and the journal keeps it; times in milliseconds since 1970.
[[nodiscard]] nlohmann::json to_json(const Notice& notice);
/// nullopt for what is no notice.
[[nodiscard]] std::optional<Notice> notice_from(const nlohmann::json& json);

}  // namespace tongke::relay::outward
