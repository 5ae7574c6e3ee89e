#include "school/schedule/planning.hpp"

#include <algorithm>
#include <set>

#include "school/schedule/weeks.hpp"

namespace tongke::school::schedule {
namespace {

namespace tt = timetable;

/// What differs between drafts and what holds, among the chosen.
Sheets changed_sheets(const Timetable& timetable, const Chosen& chosen) {
  const auto same = [](const tt::Row& a, const tt::Row& b) { return a.slot == b.slot && a.blank == b.blank; };
  Sheets changed;
  for (const auto& [key, rows] : timetable.drafts) {
    if (!chosen(key)) continue;
    const auto published = timetable.published.find(key);
    if (published != timetable.published.end() && std::ranges::equal(published->second, rows, same)) continue;
    changed.emplace(key, rows);
  }
  for (const auto& [key, rows] : timetable.published)
    if (chosen(key) && !timetable.drafts.contains(key)) changed.emplace(key, Rows());
  return changed;
}

bool was_there(const tt::Finding& finding, const tt::Findings& before) {
  return std::ranges::any_of(before, [&](const tt::Finding& b) {
    return b.code == finding.code && b.where == finding.where && finding.excess <= b.excess;
  });
}

}  // namespace

PublishPlan plan_publish(const tt::People& people, const tt::RuleSettings& rules, const Timetable& timetable,
                         const Chosen& chosen, tt::Date today, std::string by, base::WallTime now) {
  PublishPlan plan;
  Sheets changed = changed_sheets(timetable, chosen);
  plan.sheets = changed.size();
  if (changed.empty()) return plan;
  Changes changes;
  changes.transition.emplace();
  changes.transition->now = changed;
  Publication& last = changes.transition->last;
  last = {.number = timetable.last.number + 1, .at = now, .by = std::move(by), .keys = {}, .former = {}};
  std::set<tt::SlotId> own;
  for (const auto& [key, rows] : changed) {
    last.keys.insert(key);
    if (const auto old = timetable.published.find(key); old != timetable.published.end())
      last.former.emplace(key, old->second);
    for (const tt::Row& row : rows) own.insert(row.slot.id);
  }
  const Timetable after = with(timetable, changes);
  for (const auto& week : weeks_of(changed, after.published, today)) {
    const tt::Findings before = findings_of(people, rules, timetable.published, week);
    for (const tt::Finding& finding : findings_of(people, rules, after.published, week)) {
      if (finding.severity == tt::Severity::warning) {
        plan.warnings.push_back({week, finding});
        continue;
      }
      const bool names_own =
          std::ranges::any_of(finding.rows, [&](tt::SlotId row) { return own.contains(row); });
      if (names_own || !was_there(finding, before)) plan.blocking.push_back({week, finding});
    }
  }
  if (plan.blocking.empty()) plan.changes = std::move(changes);
  return plan;
}

std::vector<WeekFinding> check_drafts(const tt::People& people, const tt::RuleSettings& rules,
                                      const Timetable& timetable, tt::Date today) {
  Sheets all = timetable.published;
  for (const auto& [key, rows] : timetable.drafts) all.insert_or_assign(key, rows);
  std::vector<WeekFinding> out;
  for (const auto& week : weeks_of(all, all, today))
    for (const tt::Finding& finding : findings_of(people, rules, all, week)) out.push_back({week, finding});
  return out;
}

bool has_errors(const std::vector<WeekFinding>& findings) noexcept {
  return std::ranges::any_of(
      findings, [](const WeekFinding& one) { return one.finding.severity == tt::Severity::error; });
}

bool SheetPlan::ok() const { return !has_errors(findings); }

SheetPlan plan_sheet(const tt::People& people, const tt::RuleSettings& rules, const Timetable& timetable,
                     const SheetKey& key, Rows rows, const std::vector<tt::SlotId>& about, tt::Date today) {
  Sheets before = timetable.published;
  for (const auto& [other, draft] : timetable.drafts) before.insert_or_assign(other, draft);
  Sheets after = before;
  if (rows.empty()) {
    after.erase(key);
  } else {
    after.insert_or_assign(key, rows);
  }
  SheetPlan plan;
  plan.changes.drafts.emplace(key, std::move(rows));
  for (const auto& week : weeks_of(plan.changes.drafts, after, today)) {
    const tt::Findings old = findings_of(people, rules, before, week);
    for (const tt::Finding& finding : findings_of(people, rules, after, week)) {
      const bool names_it = std::ranges::any_of(
          finding.rows, [&](tt::SlotId row) { return std::ranges::count(about, row) > 0; });
      if (names_it || !was_there(finding, old)) plan.findings.push_back({week, finding});
    }
  }
  return plan;
}

base::Result<Changes> plan_undo(const Timetable& timetable) {
  if (timetable.last.number == 0 || timetable.last.keys.empty())
    return base::Error{base::Errc::conflict, "nothing was published that could be taken back"};
  Changes changes;
  changes.transition.emplace();
  for (const SheetKey& key : timetable.last.keys) {
    const auto former = timetable.last.former.find(key);
    changes.transition->now.emplace(key, former == timetable.last.former.end() ? Rows() : former->second);
  }
  changes.transition->last.number = timetable.last.number;  // counted on, with nothing to take back
  return changes;
}

tt::RuleSettings with_hours(tt::RuleSettings rules, const Timetable& timetable) {
  for (const auto& [what, lessons] : timetable.weekly_hours)
    rules.weekly_hours.insert_or_assign(what, lessons);
  return rules;
}

}  // namespace tongke::school::schedule
