#include "school/timetable/week_view.hpp"

#include <algorithm>
#include <tuple>

namespace tongke::school::timetable {
namespace {

/// Everything a rule looks at, so that ties do not depend on the order of the input.
auto order(const Placed& placed) {
  const Slot& slot = *placed.slot;
  return std::tuple(placed.day, slot.start, slot.length, slot.id, slot.kind, slot.delivery, slot.subject,
                    slot.lead, slot.place);
}

bool before(const Placed* a, const Placed* b) { return a < b; }

}  // namespace

bool is_teaching(Kind kind, std::size_t rooms, std::uint32_t pupils, std::uint32_t few) {
  switch (kind) {
    case Kind::lesson:
      return true;
    case Kind::rest:
    case Kind::eye:
    case Kind::exercise:
      return false;
    case Kind::parent:
      return rooms > 0;
    case Kind::qa:
    case Kind::labour:
    case Kind::arts:
    case Kind::homeroom:
      return rooms > 1 || pupils > few;
  }
  return true;
}

bool has_good_time(const Slot& slot) {
  constexpr Minutes kDay = std::chrono::hours(24);
  return slot.day.ok() && slot.start >= Minutes(0) && slot.start < kDay && slot.length > Minutes(0) &&
         slot.length <= kDay - slot.start;
}

WeekView::WeekView(const People& people, const RuleSettings& rules, std::span<const Slot> slots)
    : people_(&people), rules_(&rules), slots_(slots) {
  place();
  attend();
}

void WeekView::place() {
  placed_.reserve(slots_.size());
  for (const Slot& slot : slots_) {
    if (!has_good_time(slot)) continue;
    Placed placed{.slot = &slot, .day = iso_day(slot.day) - 1};
    std::uint32_t pupils = 0;
    for (const ClassId id : slot.classes) {
      if (const auto index = people_->find(id)) {
        placed.classes.push_back(*index);
        pupils += people_->classes()[*index].pupils;
      }
    }
    for (const GroupId id : slot.groups) {
      if (const auto index = people_->find(id)) {
        placed.groups.push_back(*index);
        pupils += people_->groups()[*index].pupils;
      }
    }
    if (slot.invited > 0) pupils = slot.invited;
    placed.live = slot.delivery == Delivery::live;
    placed.teaching = placed.live && is_teaching(slot.kind, slot.classes.size() + slot.groups.size(), pupils,
                                                 rules_->few_pupils);
    placed_.push_back(std::move(placed));
  }
  std::ranges::sort(placed_, [](const Placed& a, const Placed& b) { return order(a) < order(b); });
}

void WeekView::attend() {
  by_class_.resize(people_->classes().size());
  by_group_.resize(people_->groups().size());
  for (const Placed& placed : placed_) {
    for (const Index index : placed.classes)
      if (by_class_[index].empty() || by_class_[index].back() != &placed) by_class_[index].push_back(&placed);
    for (const Index index : placed.groups)
      if (by_group_[index].empty() || by_group_[index].back() != &placed) by_group_[index].push_back(&placed);
  }
  attended_.resize(people_->profiles().size() * kDays);
  const auto attend_live = [&](Index profile, const std::vector<const Placed*>& week) {
    for (const Placed* placed : week)
      if (placed->live) attended_[profile * kDays + static_cast<std::size_t>(placed->day)].push_back(placed);
  };
  for (Index i = 0; i < people_->profiles().size(); ++i) {
    const auto& profile = people_->profiles()[i];
    attend_live(i, by_class_[profile.class_index]);
    if (profile.groups.empty()) continue;
    for (const Index group : profile.groups) attend_live(i, by_group_[group]);
    for (std::size_t day = 0; day < kDays; ++day) {
      auto& list = attended_[i * kDays + day];
      std::ranges::sort(list, before);
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
  }
}

std::vector<const Placed*> WeekView::whole_week(Index index) const {
  const auto& profile = people_->profiles()[index];
  std::vector<const Placed*> list = by_class_[profile.class_index];
  for (const Index group : profile.groups)
    list.insert(list.end(), by_group_[group].begin(), by_group_[group].end());
  if (!profile.groups.empty()) {
    std::ranges::sort(list, before);
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return list;
}

}  // namespace tongke::school::timetable
