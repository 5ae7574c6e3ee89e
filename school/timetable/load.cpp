#include "school/timetable/load.hpp"

#include <algorithm>

#include "school/timetable/rules/pieces.hpp"

namespace tongke::school::timetable {
namespace {

void keep_most(Minutes& most, Minutes value) { most = std::max(most, value); }

void add_profile(const WeekView& week, People::Index profile, std::array<DayLoad, kDays>& days) {
  std::array<Minutes, kDays> tasks{};
  for (const Placed* placed : week.whole_week(profile))
    if (!placed->live) tasks.at(static_cast<std::size_t>(placed->day)) += placed->slot->length;
  for (int day = 0; day < kDays; ++day) {
    DayLoad& load = days.at(static_cast<std::size_t>(day));
    Minutes live{};
    for (const rules::Run& run : rules::runs(week.attended(profile, day), week.rules().min_break)) {
      live += run.covered.total();
      keep_most(load.longest_run, run.covered.total());
    }
    keep_most(load.live, live);
    keep_most(load.tasks, tasks.at(static_cast<std::size_t>(day)));
  }
}

}  // namespace

std::optional<std::array<DayLoad, kDays>> load_of(const People& people, const RuleSettings& rules,
                                                  std::span<const Slot> slots, ClassId id) {
  const auto index = people.find(id);
  if (!index) return std::nullopt;
  const WeekView week(people, rules, slots);
  std::array<DayLoad, kDays> days{};
  for (const People::Index profile : people.profiles_of_class(*index)) add_profile(week, profile, days);
  return days;
}

}  // namespace tongke::school::timetable
