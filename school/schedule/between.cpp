#include "school/schedule/between.hpp"

#include <algorithm>
#include <tuple>

#include "school/schedule/bridge.hpp"

namespace tongke::school::schedule {
namespace {

namespace tt = timetable;

bool is_pause(const tt::Slot& slot) {
  if (slot.delivery != tt::Delivery::live || slot.state != tt::State::published) return false;
  return is_pause(slot.kind);
}

auto order(const Pause& pause) { return std::tuple(pause.starts, pause.ends, pause.kind); }

}  // namespace

DayPauses::DayPauses(std::span<const tt::Slot> week, tt::Date day, tt::Zone zone) {
  for (const tt::Slot& slot : week) {
    if (slot.day != tt::Weekday(day)) continue;
    if (slot.subject) subjects_.emplace(slot.id.value, to_people(*slot.subject));
    if (!is_pause(slot)) continue;
    const Pause pause{slot.kind, zone.wall(day, slot.start), zone.wall(day, slot.end())};
    for (const tt::ClassId id : slot.classes) of_class_[id.value].push_back(pause);
    for (const tt::GroupId id : slot.groups) of_group_[id.value].push_back(pause);
  }
}

std::vector<Pause> DayPauses::left(people::ClassId original_class, std::span<const people::GroupId> groups,
                                   base::WallTime now) const {
  std::vector<Pause> out;
  const auto add = [&](const auto& all, std::int64_t id) {
    if (const auto found = all.find(id); found != all.end())
      std::ranges::copy_if(found->second, std::back_inserter(out),
                           [&](const Pause& pause) { return pause.ends > now; });
  };
  add(of_class_, original_class.value);
  for (const people::GroupId group : groups) add(of_group_, group.value);
  std::ranges::sort(out, {}, order);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  out.resize(std::min(out.size(), kMost));
  return out;
}

people::SubjectId DayPauses::subject_of(tt::SlotId row) const {
  const auto found = subjects_.find(row.value);
  return found == subjects_.end() ? people::SubjectId() : found->second;
}

std::shared_ptr<const DayPauses> Today::pauses(const ViewPtr& view, tt::Date day, tt::Zone zone) {
  const auto known = kept_.with([&](const Kept& kept) {
    return kept.view == view && kept.day == day ? kept.pauses : std::shared_ptr<const DayPauses>();
  });
  if (known) return known;
  auto made = std::make_shared<const DayPauses>(*view->week(tt::Week::of(day), false), day, zone);
  kept_.with([&](Kept& kept) { kept = {.view = view, .day = day, .pauses = made}; });
  return made;
}

const DayLesson* next_after(const DayLesson& here, std::span<const DayLesson> lessons, base::WallTime now,
                            tt::Zone zone) {
  const tt::Date today = zone.local(now).date;
  if (zone.local(here.starts).date != today) return nullptr;
  const DayLesson* next = nullptr;
  for (const DayLesson& one : lessons) {
    if (one.id == here.id || one.drill != here.drill || one.ended) continue;
    if (one.starts <= here.starts || zone.local(one.starts).date != today) continue;
    if (one.ends <= now && !one.on_air) continue;
    if (!next || std::tie(one.starts, one.id) < std::tie(next->starts, next->id)) next = &one;
  }
  return next;
}

}  // namespace tongke::school::schedule
