#include "school/timetable/rules/pieces.hpp"

#include <algorithm>

namespace tongke::school::timetable::rules {

std::vector<SlotId> rows_of(std::span<const Placed* const> slots) {
  std::vector<SlotId> rows;
  rows.reserve(slots.size());
  for (const Placed* slot : slots) rows.push_back(slot->slot->id);
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

Where about(const WeekView& week, People::Index index, std::span<const Placed* const> slots) {
  const auto& profile = week.people().profiles()[index];
  Where where;
  if (!slots.empty()) where.day = slots.front()->day + 1;
  where.class_id = week.people().class_of(profile).id;
  for (const People::Index group : profile.groups) {
    const bool concerned = std::ranges::any_of(slots, [&](const Placed* slot) {
      return std::ranges::find(slot->groups, group) != slot->groups.end();
    });
    if (concerned) where.groups.push_back(week.people().groups()[group].id);
  }
  std::ranges::sort(where.groups);
  return where;
}

void report(Findings& findings, Code code, Where where, std::vector<SlotId> rows, std::int64_t amount,
            std::int64_t limit, std::int64_t excess) {
  findings.push_back({severity_of(code), code, std::move(where), std::move(rows), amount, limit, excess});
}

Overlap overlap(std::span<const Placed* const> by_start) {
  Overlap found;
  Minutes end{};
  for (std::size_t i = 0; i < by_start.size(); ++i) {
    const Placed* const slot = by_start[i];
    if (i > 0 && slot->start() < end) {
      found.time += std::min(end, slot->end()) - slot->start();
      found.slots.push_back(slot);
      for (std::size_t j = 0; j < i; ++j)
        if (by_start[j]->end() > slot->start()) found.slots.push_back(by_start[j]);
    }
    end = std::max(end, slot->end());
  }
  return found;
}

void Covered::add(const Placed& slot) {
  if (slot.end() <= end_) return;
  total_ += slot.end() - std::max(slot.start(), end_);
  end_ = slot.end();
}

std::vector<Run> runs(std::span<const Placed* const> by_start, Minutes pause) {
  std::vector<Run> found;
  for (const Placed* slot : by_start) {
    if (!slot->teaching) continue;
    if (found.empty() || slot->start() - found.back().covered.end() >= pause) found.emplace_back();
    found.back().slots.push_back(slot);
    found.back().covered.add(*slot);
  }
  return found;
}

}  // namespace tongke::school::timetable::rules
