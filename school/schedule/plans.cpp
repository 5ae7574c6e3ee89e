#include "school/schedule/plans.hpp"

#include <algorithm>

#include "school/store/plan_table.hpp"

namespace tongke::school::schedule {

using base::Errc;
using base::Error;
using base::Result;

std::string_view to_string(DayPlan::State state) noexcept {
  return state == DayPlan::State::active ? "active" : "undone";
}

Result<Plans> Plans::open(store::Store& store) {
  Plans plans(store);
  auto lessons = store::load_lesson_plans(store);
  if (!lessons) return std::move(lessons).error();
  for (auto& one : *lessons) plans.keep(std::move(one));
  auto days = store::load_day_plans(store);
  if (!days) return std::move(days).error();
  for (auto& one : *days) plans.days_.emplace(one.id, std::move(one));
  return plans;
}

const LessonPlan* Plans::of(std::string_view lesson) const {
  const auto found = lessons_.find(lesson);
  return found == lessons_.end() ? nullptr : &found->second;
}

bool Plans::is_drill(std::string_view lesson) const {
  const LessonPlan* plan = of(lesson);
  const DayPlan* day = plan ? find(plan->plan) : nullptr;
  return day && day->drill;
}

Result<void> Plans::set(LessonPlan plan) {
  if (auto saved = store::save_lesson_plan(*store_, plan); !saved) return saved;
  keep(std::move(plan));
  return {};
}

void Plans::keep(LessonPlan plan) {
  if (const auto* known = of(plan.lesson)) of_day_[known->plan].erase(plan.lesson);
  of_day_[plan.plan].insert(plan.lesson);
  std::string lesson = plan.lesson;
  lessons_.insert_or_assign(std::move(lesson), std::move(plan));
}

Result<void> Plans::forget(std::string_view lesson) {
  const auto found = lessons_.find(lesson);
  if (found == lessons_.end()) return {};
  if (auto gone = store::remove_lesson_plan(*store_, found->first); !gone) return gone;
  of_day_[found->second.plan].erase(found->first);
  lessons_.erase(found);
  return {};
}

Result<DayPlan> Plans::begin(DayPlan plan) {
  if (active_on(plan.day, plan.drill)) return Error{Errc::conflict, "the plan of that day is active", "date"};
  plan.id = days_.empty() ? 1 : days_.rbegin()->first + 1;
  plan.state = DayPlan::State::active;
  if (auto saved = store::save_day_plan(*store_, plan); !saved) return std::move(saved).error();
  days_.emplace(plan.id, plan);
  return plan;
}

Result<void> Plans::set_state(std::int64_t id, DayPlan::State state) {
  const DayPlan* known = find(id);
  if (!known) return Error{Errc::not_found, "no such plan", "plan"};
  DayPlan changed = *known;
  changed.state = state;
  if (auto saved = store::save_day_plan(*store_, changed); !saved) return saved;
  days_.insert_or_assign(id, std::move(changed));
  return {};
}

const DayPlan* Plans::find(std::int64_t plan) const {
  const auto found = days_.find(plan);
  return found == days_.end() ? nullptr : &found->second;
}

const DayPlan* Plans::active_on(timetable::Date day, bool drill) const {
  const auto found = std::ranges::find_if(days_, [&](const auto& one) {
    return one.second.day == day && one.second.drill == drill && one.second.state == DayPlan::State::active;
  });
  return found == days_.end() ? nullptr : &found->second;
}

std::vector<LessonPlan> Plans::lessons_of(std::int64_t plan) const {
  std::vector<LessonPlan> out;
  const auto day = of_day_.find(plan);
  if (day == of_day_.end()) return out;
  for (const auto& lesson : day->second) out.push_back(lessons_.find(lesson)->second);
  std::ranges::stable_sort(out, {}, &LessonPlan::starts);
  return out;
}

std::size_t Plans::count_of(std::int64_t plan) const {
  const auto day = of_day_.find(plan);
  return day == of_day_.end() ? 0 : day->second.size();
}

}  // namespace tongke::school::schedule
