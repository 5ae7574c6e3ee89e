#include "school/timetable/edit.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace tongke::school::timetable {
namespace {

using base::Errc;
using base::Error;

Error no_such(SlotId row) { return {Errc::not_found, "no row " + std::to_string(row.value), "row"}; }

std::set<SlotId> published(std::span<const Slot> week) {
  std::set<SlotId> rows;
  for (const Slot& slot : week)
    if (slot.state == State::published) rows.insert(slot.id);
  return rows;
}

/// The same trouble as `finding` among `before`, if it was there and no better.
const Finding* known_before(const Finding& finding, const Findings& before) {
  const auto key = [](const Finding& f) { return std::tie(f.severity, f.code, f.where); };
  for (auto b = std::ranges::lower_bound(before, key(finding), {}, key);
       b != before.end() && key(*b) == key(finding); ++b) {
    if (is_about_a_row(finding.code) && b->rows != finding.rows) continue;
    if (finding.excess <= b->excess) return &*b;
  }
  return nullptr;
}

/// Whether the finding names a published row that `before` does not also name as published.
bool harms_published(const Finding& after, const std::set<SlotId>& published_after, const Finding* before,
                     const std::set<SlotId>& published_before) {
  return std::ranges::any_of(after.rows, [&](SlotId row) {
    if (!published_after.contains(row)) return false;
    return before == nullptr || !published_before.contains(row) ||
           !std::ranges::binary_search(before->rows, row);
  });
}

Findings blocking(const Findings& before, std::span<const Slot> week_before, const Findings& after,
                  std::span<const Slot> week_after) {
  const auto published_before = published(week_before);
  const auto published_after = published(week_after);
  Findings found;
  for (const Finding& finding : after) {
    if (finding.severity != Severity::error) continue;
    const Finding* const known = known_before(finding, before);
    if (known == nullptr || harms_published(finding, published_after, known, published_before))
      found.push_back(finding);
  }
  return found;
}

/// Publishing adds no time to anybody's day, so what a draft already breaks stands in its way
/// only where it names what is published.
Findings blocking_publish(const Findings& before, std::span<const Slot> week_before, const Findings& after,
                          std::span<const Slot> week_after) {
  Findings found = blocking(before, week_before, after, week_after);
  const auto rows = published(week_after);
  std::erase_if(found, [&](const Finding& f) {
    return std::ranges::none_of(f.rows, [&](SlotId row) { return rows.contains(row); });
  });
  return found;
}

template <class Block>
Verdict judge(const People& people, const RuleSettings& rules, std::vector<Slot> before,
              std::vector<Slot> after, Block block) {
  Verdict verdict;
  const Findings was = validate(people, rules, before);
  verdict.findings = validate(people, rules, after);
  verdict.blocking = block(was, before, verdict.findings, after);
  verdict.week = verdict.accepted() ? std::move(after) : std::move(before);
  return verdict;
}

base::Result<Verdict> set_state(const People& people, const RuleSettings& rules, std::vector<Slot> week,
                                std::span<const SlotId> rows, State state) {
  std::vector<Slot> after = week;
  std::set<SlotId> wanted(rows.begin(), rows.end());
  std::set<SlotId> found;
  for (Slot& slot : after) {
    if (!wanted.contains(slot.id)) continue;
    slot.state = state;
    found.insert(slot.id);
  }
  for (const SlotId row : wanted)
    if (!found.contains(row)) return no_such(row);
  return judge(people, rules, std::move(week), std::move(after), blocking_publish);
}

}  // namespace

base::Result<Verdict> publish(const People& people, const RuleSettings& rules, std::vector<Slot> week,
                              std::span<const SlotId> rows) {
  return set_state(people, rules, std::move(week), rows, State::published);
}

base::Result<Verdict> unpublish(const People& people, const RuleSettings& rules, std::vector<Slot> week,
                                std::span<const SlotId> rows) {
  return set_state(people, rules, std::move(week), rows, State::draft);
}

base::Result<Verdict> move(const People& people, const RuleSettings& rules, std::vector<Slot> week,
                           SlotId row, NewTime when) {
  std::vector<Slot> after = week;
  bool found = false;
  for (Slot& slot : after) {
    if (slot.id != row) continue;
    slot.day = when.day;
    slot.start = when.start;
    slot.length = when.length.value_or(slot.length);
    found = true;
  }
  if (!found) return no_such(row);
  return judge(people, rules, std::move(week), std::move(after), blocking);
}

base::Result<Verdict> add(const People& people, const RuleSettings& rules, std::vector<Slot> week,
                          Slot slot) {
  if (std::ranges::find(week, slot.id, &Slot::id) != week.end())
    return Error{Errc::conflict, "row " + std::to_string(slot.id.value) + " is already there", "row"};
  std::vector<Slot> after = week;
  after.push_back(std::move(slot));
  return judge(people, rules, std::move(week), std::move(after), blocking);
}

base::Result<Verdict> remove(const People& people, const RuleSettings& rules, std::vector<Slot> week,
                             SlotId row) {
  std::vector<Slot> after = week;
  if (std::erase_if(after, [&](const Slot& slot) { return slot.id == row; }) == 0) return no_such(row);
  return judge(people, rules, std::move(week), std::move(after), blocking);
}

}  // namespace tongke::school::timetable
