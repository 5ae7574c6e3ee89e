#include "school/schedule/view.hpp"

#include "school/schedule/bridge.hpp"

namespace tongke::school::schedule {
namespace {

constexpr std::size_t kMaxWeeks = 8;  // in memory at once; a district's week is some 10 MB

}  // namespace

base::Result<ViewPtr> View::make(people::Snapshot people, Snapshot timetable) {
  auto walked = schedule::rules_people(*people);
  if (!walked) return std::move(walked).error();
  return ViewPtr(new View(std::move(people), std::move(*walked), std::move(timetable)));
}

View::Slots View::week(timetable::Week week, bool drafts) const {
  const std::pair key(week, drafts);
  const auto known = weeks_.with([&](const auto& weeks) {
    const auto found = weeks.find(key);
    return found == weeks.end() ? Slots() : found->second;
  });
  if (known) return known;
  auto made = std::make_shared<const std::vector<timetable::Slot>>(
      drafts ? draft_week(rules_people_, *timetable_, week)
             : published_week(rules_people_, *timetable_, week));
  weeks_.with([&](auto& weeks) {
    if (weeks.size() >= kMaxWeeks) weeks.clear();
    weeks.insert_or_assign(key, made);
  });
  return made;
}

}  // namespace tongke::school::schedule
