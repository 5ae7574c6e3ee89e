#include "school/timetable/month.hpp"

#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable {

std::string_view to_string(WeekPlan::State state) noexcept {
  return state == WeekPlan::State::approved ? "approved" : "draft";
}

MonthView month_view(std::chrono::year_month month, const MonthPlans& plans) {
  MonthView view{.month = month, .weeks = {}};
  const Date first(month / 1);
  const Date last(month / std::chrono::last);
  for (Week week = Week::of(first); week.monday <= last; week.monday += std::chrono::weeks(1)) {
    MonthView::Line line{.week = week, .stages = {}};
    for (std::size_t i = 0; i < kStageCount; ++i) {
      const auto plan = plans.find({week, static_cast<Stage>(i)});
      if (plan != plans.end()) line.stages.at(i) = plan->second;
    }
    view.weeks.push_back(std::move(line));
  }
  return view;
}

MonthPlans with_state(MonthPlans plans, Week week, Stage stage, WeekPlan::State state) {
  plans[{week, stage}].state = state;
  return plans;
}

base::Result<MonthPlans> with_note(MonthPlans plans, Week week, Stage stage, std::string note) {
  if (code_points(note) > kMaxMonthNote)
    return base::Error{base::Errc::invalid, "must be at most 500 characters", "note"};
  WeekPlan& plan = plans[{week, stage}];
  if (plan.note == note) return plans;
  plan = {.state = WeekPlan::State::draft, .note = std::move(note)};
  return plans;
}

}  // namespace tongke::school::timetable
