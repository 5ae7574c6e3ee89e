#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/store/store.hpp"
#include "school/timetable/model.hpp"

namespace tongke::school::schedule {

/// What the rules of the hour need of a lesson beside its rooms.
struct LessonPlan {
  std::string lesson = {};
  timetable::Kind kind = timetable::Kind::lesson;
  std::uint32_t invited = 0;     ///< pupils invited by name; 0: all of its rooms
  std::int64_t plan = 0;         ///< DayPlan::id; 0: made by hand
  timetable::SlotId row = {};    ///< of the timetable it was made of
  std::uint32_t first_room = 0;  ///< with the row, names the lesson within its plan
  base::WallTime starts{};
  base::WallTime ends{};
  timetable::Card card = {};  ///< as it was when the lesson was made
  friend bool operator==(const LessonPlan&, const LessonPlan&) = default;
};

/// A day for which the plan was activated: all of its lessons, made at once (PL-1), for real or
/// as a drill (PL-2).
struct DayPlan {
  std::int64_t id = 0;
  timetable::Date day{};
  bool drill = false;
  enum class State : std::uint8_t { active, undone };
  State state = State::active;
  std::string reason = {};
  std::string made_by = {};
  base::WallTime made{};
  friend bool operator==(const DayPlan&, const DayPlan&) = default;
};
[[nodiscard]] std::string_view to_string(DayPlan::State state) noexcept;

/// The activated days and which lessons belong to them, in memory and written through.
/// @thread as Lessons
class Plans {
 public:
  /// @errors io
  [[nodiscard]] static base::Result<Plans> open(store::Store& store);

  /// nullptr: nobody planned it.
  [[nodiscard]] const LessonPlan* of(std::string_view lesson) const;
  [[nodiscard]] bool is_drill(std::string_view lesson) const;
  [[nodiscard]] base::Result<void> set(LessonPlan plan);
  /// Before its lesson is removed.  @errors io
  [[nodiscard]] base::Result<void> forget(std::string_view lesson);

  /// Gives the plan its id.  @errors conflict: the day has an active plan of this kind; io
  [[nodiscard]] base::Result<DayPlan> begin(DayPlan plan);
  [[nodiscard]] base::Result<void> set_state(std::int64_t plan, DayPlan::State state);
  [[nodiscard]] const DayPlan* find(std::int64_t plan) const;
  /// The active plan of a day; nullptr for none.
  [[nodiscard]] const DayPlan* active_on(timetable::Date day, bool drill) const;
  [[nodiscard]] const std::map<std::int64_t, DayPlan>& all() const noexcept { return days_; }
  /// Its lessons, by when they start.
  [[nodiscard]] std::vector<LessonPlan> lessons_of(std::int64_t plan) const;
  [[nodiscard]] std::size_t count_of(std::int64_t plan) const;

 private:
  explicit Plans(store::Store& store) : store_(&store) {}
  void keep(LessonPlan plan);

  store::Store* store_;
  std::map<std::string, LessonPlan, std::less<>> lessons_;  // by lesson id
  std::map<std::int64_t, std::set<std::string>> of_day_;    // lesson ids by plan
  std::map<std::int64_t, DayPlan> days_;
};

}  // namespace tongke::school::schedule
