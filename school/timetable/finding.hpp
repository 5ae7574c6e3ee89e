#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "school/timetable/ids.hpp"
#include "school/timetable/stage.hpp"

namespace tongke::school::timetable {

enum class Severity : std::uint8_t { error, warning };

/// What may be wrong; to_string() gives the machine code that pages and APIs show texts for.
enum class Code : std::uint8_t {
  // About one row each, up to and with `evening`.
  bad_time,             ///< no length, or beyond midnight
  unknown_class,        ///< a class nobody knows; amount: its id
  unknown_group,        ///< a group nobody knows; amount: its id
  no_audience,          ///< nobody to teach
  parent_roster,        ///< a parents' meeting with pupils in it
  too_many_rooms,       ///< amount, limit: rooms
  goal_required,        ///< published without a goal
  goal_too_long,        ///< amount, limit: characters
  advice_required,      ///< published without advice
  evaluation_required,  ///< published without a way to check
  evening,              ///< amount: minutes within the evening window
  daily_cap,            ///< amount, limit: live minutes of a pupil and day
  weekly_hours,         ///< amount, limit: lessons of a subject a week
  short_break,          ///< amount: shortest break in minutes; limit: the least
  class_double,         ///< pupils in two places at once; amount: minutes
  teacher_double,       ///< a lead in two places at once; amount: minutes
  room_double,          ///< a place used twice at once; amount: minutes
  daily_long,           ///< amount, limit: live minutes of a pupil and day
  continuous,           ///< amount, limit: minutes without a break
  no_exercise,          ///< a break without eye exercises or exercises; amount: how many
  stagger,              ///< amount, limit: first lesson's start and the earliest, minutes of the day
  sibling_clash,        ///< two children of a family at once; amount: minutes
};
inline constexpr std::size_t kCodeCount = 22;

[[nodiscard]] std::string_view to_string(Code code) noexcept;
[[nodiscard]] std::string_view to_string(Severity severity) noexcept;
[[nodiscard]] Severity severity_of(Code code) noexcept;
/// Whether the code is about a row by itself, whatever else is in the week.
[[nodiscard]] inline bool is_about_a_row(Code code) noexcept { return code <= Code::evening; }

/// Who and when a finding is about; only what applies is set.
struct Where {
  std::optional<int> day = {};  ///< 1 = Monday
  std::optional<ClassId> class_id = {};
  std::vector<GroupId> groups = {};  ///< of the pupils concerned; empty: the class as a whole
  std::optional<SubjectId> subject = {};
  std::optional<Grade> grade = {};
  std::optional<TeacherId> teacher = {};
  std::optional<PlaceId> place = {};
  std::vector<PupilId> pupils = {};  ///< the siblings
  bool shared_device = false;        ///< of the siblings' home
  friend auto operator<=>(const Where&, const Where&) = default;
};

/// A broken rule: which, about whom, by how much, and the rows that break it (at least one).
/// Where a sum is too high, `rows` are those from the one that crosses the limit on, so that
/// without them the rule holds.
struct Finding {
  Severity severity = Severity::error;
  Code code = Code::bad_time;
  Where where;
  std::vector<SlotId> rows;  ///< ascending, each once
  std::int64_t amount = 0;   ///< see Code
  std::int64_t limit = 0;
  std::int64_t excess = 0;  ///< how far beyond the limit; to tell worse from better
  friend auto operator<=>(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

[[nodiscard]] bool has_errors(const Findings& findings) noexcept;

}  // namespace tongke::school::timetable
