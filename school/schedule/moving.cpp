#include "school/schedule/moving.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "school/schedule/weeks.hpp"

namespace tongke::school::schedule {
namespace {

namespace tt = timetable;
using Classes = std::set<tt::ClassId>;

void add_covered(const tt::People& people, const tt::Scope& scope, Classes& classes) {
  for (const auto& one : people.classes())
    if (scope.covers(one)) classes.insert(one.id);
}

/// Those who share layer groups or a home with these classes.
void add_bound(const tt::People& people, Classes& classes) {
  const auto class_id = [&](tt::People::Index profile) {
    return people.class_of(people.profiles()[profile]).id;
  };
  Classes more;
  for (const auto& profile : people.profiles()) {
    if (!classes.contains(people.class_of(profile).id)) continue;
    for (const auto group : profile.groups)
      for (const auto other : people.profiles_of_group(group)) more.insert(class_id(other));
  }
  for (const auto& home : people.siblings()) {
    const auto first = class_id(home.first_profile);
    const auto second = class_id(home.second_profile);
    if (classes.contains(first)) more.insert(second);
    if (classes.contains(second)) more.insert(first);
  }
  classes.merge(more);
}

/// Everybody whose lessons a rule could name together with the row's.
Classes neighbours(const tt::People& people, const Sheets& sheets, const RowAt& row) {
  Classes classes;
  add_covered(people, row.key.scope, classes);
  const tt::Slot& slot = row.rows[row.at].slot;
  for (const tt::GroupId id : slot.groups) {
    const auto group = people.find(id);
    if (!group) continue;
    for (const auto profile : people.profiles_of_group(*group))
      classes.insert(people.class_of(people.profiles()[profile]).id);
  }
  add_bound(people, classes);
  const auto shares = [&](const tt::Row& other) {
    return (slot.lead && other.slot.lead == slot.lead) || (slot.place && other.slot.place == slot.place);
  };
  for (const auto& [key, rows] : sheets)
    if (std::ranges::any_of(rows, shares)) add_covered(people, key.scope, classes);
  return classes;
}

/// The sheets that say anything for these classes.
Sheets sheets_near(const tt::People& people, const Sheets& all, const Classes& classes) {
  Sheets near;
  for (const auto& [key, rows] : all) {
    const bool covers = std::ranges::any_of(people.classes(), [&, scope = &key.scope](const auto& one) {
      return classes.contains(one.id) && scope->covers(one);
    });
    if (covers) near.emplace(key, rows);
  }
  return near;
}

/// Whether the drafts had this trouble already, no less, and with the row in it if it is now.
bool was_there(const tt::Finding& finding, const tt::Findings& before, tt::SlotId row) {
  const auto names_it = [row](const tt::Finding& one) { return std::ranges::count(one.rows, row) > 0; };
  return std::ranges::any_of(before, [&](const tt::Finding& b) {
    if (b.code != finding.code || finding.excess > b.excess) return false;
    // Such trouble goes wherever its row goes.
    if (is_about_a_row(finding.code)) return b.rows == finding.rows;
    return b.where == finding.where && (!names_it(finding) || names_it(b));
  });
}

}  // namespace

std::vector<std::vector<WeekFinding>> try_rows(const tt::People& people, const tt::RuleSettings& rules,
                                               const Timetable& timetable, const RowAt& row,
                                               const std::vector<tt::Row>& instead, tt::Date today) {
  Sheets all = timetable.published;
  for (const auto& [key, draft] : timetable.drafts) all.insert_or_assign(key, draft);
  const Classes among = neighbours(people, all, row);
  Sheets near = sheets_near(people, all, among);
  near.insert_or_assign(row.key, row.rows);
  const auto weeks = weeks_of({{row.key, row.rows}}, near, today);
  std::vector<tt::Findings> before;
  before.reserve(weeks.size());
  for (const auto& week : weeks) before.push_back(findings_of(people, rules, near, week, &among));
  std::vector<std::vector<WeekFinding>> out;
  out.reserve(instead.size());
  for (const tt::Row& other : instead) {
    near.at(row.key)[row.at] = other;
    auto& found = out.emplace_back();
    for (std::size_t i = 0; i < weeks.size(); ++i) {
      for (tt::Finding& finding : findings_of(people, rules, near, weeks[i], &among))
        if (!was_there(finding, before[i], other.slot.id)) found.push_back({weeks[i], std::move(finding)});
    }
  }
  return out;
}

}  // namespace tongke::school::schedule
