#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "school/timetable/ids.hpp"
#include "school/timetable/when.hpp"

namespace tongke::school::timetable {

/// What a slot is for (PL-7).
enum class Kind : std::uint8_t {
  lesson,
  qa,        ///< questions and answers
  rest,      ///< a break; spelled "break" outside
  eye,       ///< eye exercises (眼保健操)
  exercise,  ///< exercises between lessons (课间操)
  labour,
  arts,
  homeroom,
  parent,  ///< parents' meeting: carries no pupils
};
inline constexpr std::size_t kKindCount = 9;

/// How pupils get it. Only `live` takes air time and a place in the day; the others are done
/// whenever it suits the family.
enum class Delivery : std::uint8_t {
  live,
  recorded,  ///< a replay or a library clip
  offline,   ///< a task away from the screen
};
inline constexpr std::size_t kDeliveryCount = 3;

enum class State : std::uint8_t { draft, published };

/// How a lesson's effect is checked (PL-5b); `none` cannot be published.
enum class Evaluation : std::uint8_t { none, quick_check, text };

/// What has to be said of a lesson before it is published (PL-5).
struct Card {
  std::string goal;    ///< at most kMaxGoal code points
  std::string advice;  ///< to pupils and parents
  Evaluation evaluation = Evaluation::none;
  std::string evaluation_text;  ///< with Evaluation::text
  friend bool operator==(const Card&, const Card&) = default;
};
inline constexpr std::size_t kMaxGoal = 200;

/// One thing at one time of a week, with everybody it concerns. Inherited rows without a lead
/// become one slot for each class, all with the id of the row that somebody edits.
struct Slot {
  SlotId id;
  Weekday day{1};
  int period = 0;  ///< 第几节; names the cell that a more special timetable overrides
  Minutes start{};
  Minutes length{};
  Kind kind = Kind::lesson;
  Delivery delivery = Delivery::live;
  std::optional<SubjectId> subject = {};
  std::optional<TeacherId> lead = {};
  std::optional<PlaceId> place = {};
  std::vector<ClassId> classes = {};  ///< each is a room of the lesson
  std::vector<GroupId> groups = {};   ///< so is each of these
  std::uint32_t invited = 0;          ///< pupils invited by name; 0: all of classes and groups
  Card card = {};
  State state = State::draft;

  [[nodiscard]] Minutes end() const { return start + length; }
  friend bool operator==(const Slot&, const Slot&) = default;
};

[[nodiscard]] std::string_view to_string(Kind kind) noexcept;
[[nodiscard]] std::optional<Kind> kind_from(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(Delivery delivery) noexcept;
[[nodiscard]] std::optional<Delivery> delivery_from(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(State state) noexcept;
[[nodiscard]] std::string_view to_string(Evaluation evaluation) noexcept;
[[nodiscard]] std::optional<Evaluation> evaluation_from(std::string_view name) noexcept;

}  // namespace tongke::school::timetable
