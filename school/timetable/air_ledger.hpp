#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "school/timetable/finding.hpp"
#include "school/timetable/model.hpp"
#include "school/timetable/people.hpp"
#include "school/timetable/rules_config.hpp"

namespace tongke::school::timetable {

/// A room of a lesson: an original class, or a layer group.
using Room = std::variant<ClassId, GroupId>;
using AirTime = std::chrono::milliseconds;

/// A lesson that wants to go on air.
struct AirRequest {
  std::string lesson;  ///< its id
  Kind kind = Kind::lesson;
  std::vector<Room> rooms;
  std::uint32_t invited = 0;  ///< pupils invited by name; 0: all of the rooms
};

/// Why it may not: `evening`, or `daily_cap` when no room has air time left.
struct AirRefusal {
  Code rule = Code::evening;
  DayWindow window{};  ///< with `evening`
};

/// Something the caller has to do about a lesson on air.
struct AirEvent {
  enum class What : std::uint8_t {
    warn_lead,  ///< tell the lead how much is left
    rest,       ///< these rooms show the rest slate from now; all others go on
  };
  What what = What::warn_lead;
  std::string lesson;
  Code rule = Code::daily_cap;  ///< or evening
  std::vector<Room> rooms;      ///< ascending
  AirTime left{};               ///< until they rest
  friend bool operator==(const AirEvent&, const AirEvent&) = default;
};

/// A room having been on air, for the caller to store: given back to restore() after a restart,
/// no minute of the day is forgotten.
struct AirInterval {
  Room room;
  base::WallTime from{};
  base::WallTime to{};
  friend bool operator==(const AirInterval&, const AirInterval&) = default;
};

/// Counts the day's air time of every pupil, over class and layer groups, and stops rooms at the
/// cap of their stage and everybody at the evening (S14, S15, PL-11, PL-12). Time counts as it
/// goes on air, not as it was planned; a lesson whose publisher is gone is stopped and started
/// again. A room rests when the first of its pupils has had enough. Clockless: `now` is always
/// given; a clock that is set back counts no second twice.
/// @thread one, the control thread
class AirLedger {
 public:
  /// Refers to neither afterwards. A changed roster or rule needs a new ledger: restore() it.
  AirLedger(People people, RuleSettings rules);

  /// Whether it is 集中授课, which the rules are about; else it is on air as long as it likes.
  [[nodiscard]] bool teaches(const AirRequest& request) const;

  /// Whether a publisher may go on air now; the rule when not.
  [[nodiscard]] std::optional<AirRefusal> refusal(const AirRequest& request, base::WallTime now) const;

  /// A lesson goes on air. Rooms without air time left rest from the beginning and are given by
  /// the next advance(). Starting a lesson that is on air, or in rooms nobody knows, is an error.
  /// @errors forbidden with the rule's code as field; conflict; invalid (field "rooms")
  [[nodiscard]] base::Result<void> start(const AirRequest& request, base::WallTime now);

  /// A lesson goes off the air; nothing for one that is not on it.
  /// @returns what its rooms had, for the store
  std::vector<AirInterval> stop(std::string_view lesson, base::WallTime now);

  /// What the rooms on air have had so far since they began, as stop() would give it, for a store
  /// that must not lose much by a crash.  @param now not before any earlier `now`
  [[nodiscard]] std::vector<AirInterval> running(std::string_view lesson, base::WallTime now) const;
  /// Whether the lesson is on air and every one of its rooms rests.
  [[nodiscard]] bool all_rest(std::string_view lesson) const;

  /// What is due by `now`, each once. Rooms that come to rest stop counting.
  [[nodiscard]] std::vector<AirEvent> advance(base::WallTime now);
  /// When to call advance() next, so that nothing comes late; nothing while nobody is on air.
  [[nodiscard]] std::optional<base::WallTime> next_due() const;

  /// Air time left for a room today; nothing where the stage has no cap or nobody knows the room.
  [[nodiscard]] std::optional<AirTime> left(const Room& room, base::WallTime now) const;
  /// The most any pupil of the room has had today.
  [[nodiscard]] AirTime used(const Room& room, base::WallTime now) const;

  /// Counts what was on air before a restart; what is not of today's date is not counted.
  void restore(const AirInterval& interval, base::WallTime now);

 private:
  struct Span {
    AirTime from{};
    AirTime to{};
  };
  /// What pupils of one profile had today.
  struct Day {
    Date date{};
    std::vector<Span> spans;  ///< times of day, ascending, apart from each other
    int on_air = 0;           ///< rooms that are on air for them now
    base::WallTime since{};   ///< while on_air
  };
  struct LiveRoom {
    Room room;
    base::WallTime from{};
    std::optional<base::WallTime> to{};  ///< when it came to rest
    std::size_t warned = 0;              ///< how many of the warnings are out
    bool told = false;                   ///< that it rests
    Code rule = Code::daily_cap;         ///< why it rests
  };
  struct Live {
    bool counts = true;
    std::vector<LiveRoom> rooms;
  };
  struct Deadline {
    base::WallTime at{};
    Code rule = Code::daily_cap;
  };

  [[nodiscard]] std::span<const People::Index> profiles(const Room& room) const;
  [[nodiscard]] AirTime used_by(People::Index profile, base::WallTime now) const;
  [[nodiscard]] std::optional<base::WallTime> evening_after(base::WallTime now) const;
  [[nodiscard]] std::optional<Deadline> deadline(const Room& room, base::WallTime now) const;
  void tick(base::WallTime now);
  void open(const Room& room, base::WallTime now);
  void close(const Room& room, base::WallTime now);
  void add_span(People::Index profile, base::WallTime from, base::WallTime to);
  [[nodiscard]] std::optional<AirEvent> look_at(LiveRoom& room, base::WallTime now);

  People people_;
  RuleSettings rules_;
  std::vector<Day> days_;  // by profile
  std::map<std::string, Live, std::less<>> live_;
  base::WallTime last_{};
};

}  // namespace tongke::school::timetable
