#include "school/schedule/weeks.hpp"

#include <algorithm>

#include "school/timetable/validate.hpp"

namespace tongke::school::schedule {
namespace {

namespace tt = timetable;

// A week that no sheet names: what holds where nothing special does.
constexpr tt::Week kPlainWeek{tt::Date(std::chrono::days(4))};

}  // namespace

std::vector<std::optional<tt::Week>> weeks_of(const Sheets& changed, const Sheets& all, tt::Date today) {
  const tt::Week this_week = tt::Week::of(today);
  const bool standing = std::ranges::any_of(changed, [](const auto& sheet) { return !sheet.first.week; });
  std::set<tt::Week> weeks;
  for (const Sheets* sheets : {&changed, &all}) {
    for (const auto& [key, rows] : *sheets) {
      const bool seen = standing || changed.contains(key);
      if (key.week && *key.week >= this_week && seen) weeks.insert(*key.week);
    }
  }
  std::vector<std::optional<tt::Week>> out(weeks.begin(), weeks.end());
  if (standing) out.insert(out.begin(), std::nullopt);
  return out;
}

tt::Findings findings_of(const tt::People& people, const tt::RuleSettings& rules, const Sheets& sheets,
                         const std::optional<tt::Week>& week, const std::set<tt::ClassId>* among) {
  const auto published = as_sheets(sheets, tt::State::published);
  return validate(people, rules, effective_week(people, published, week.value_or(kPlainWeek), among));
}

}  // namespace tongke::school::schedule
