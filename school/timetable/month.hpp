#pragma once

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "school/timetable/stage.hpp"
#include "school/timetable/when.hpp"

namespace tongke::school::timetable {

/// How far a stage's plan of a week is, and a remark (PL-9).
struct WeekPlan {
  enum class State : std::uint8_t { draft, approved };
  State state = State::draft;
  std::string note;  ///< at most kMaxMonthNote code points
  friend bool operator==(const WeekPlan&, const WeekPlan&) = default;
};
inline constexpr std::size_t kMaxMonthNote = 500;

[[nodiscard]] std::string_view to_string(WeekPlan::State state) noexcept;

/// What is kept of all months: a cell that nobody touched is an empty draft.
using MonthPlans = std::map<std::pair<Week, Stage>, WeekPlan>;

/// A month as a table of weeks × stages.
struct MonthView {
  std::chrono::year_month month{};
  struct Line {
    Week week;
    std::array<WeekPlan, kStageCount> stages;
  };
  std::vector<Line> weeks;  ///< every week that has a day in the month
};

[[nodiscard]] MonthView month_view(std::chrono::year_month month, const MonthPlans& plans);

/// Approves a stage's week, or takes it back to a draft.
[[nodiscard]] MonthPlans with_state(MonthPlans plans, Week week, Stage stage, WeekPlan::State state);
/// Changes the remark. An approved plan that is changed is a draft again: what was approved is
/// not what stands there now.  @errors invalid (field "note": too long)
[[nodiscard]] base::Result<MonthPlans> with_note(MonthPlans plans, Week week, Stage stage, std::string note);

}  // namespace tongke::school::timetable
