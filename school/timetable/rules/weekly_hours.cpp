#include <map>

#include "school/timetable/rules/pieces.hpp"
#include "school/timetable/rules/rules.hpp"

namespace tongke::school::timetable::rules {

/// Lessons of a subject a week stay within the province's table for the grade (PL-6), however
/// they are delivered.
void weekly_hours(const WeekView& week, Findings& findings) {
  const auto& most = week.rules().weekly_hours;
  if (most.empty()) return;
  for (People::Index profile = 0; profile < week.people().profiles().size(); ++profile) {
    const Grade grade = week.people().class_of(week.people().profiles()[profile]).grade;
    std::map<SubjectId, std::vector<const Placed*>> by_subject;
    for (const Placed* placed : week.whole_week(profile))
      if (placed->slot->kind == Kind::lesson && placed->slot->subject)
        by_subject[*placed->slot->subject].push_back(placed);
    for (const auto& [subject, lessons] : by_subject) {
      const auto limit = most.find({grade, subject});
      if (limit == most.end() || lessons.size() <= static_cast<std::size_t>(limit->second)) continue;
      const auto allowed = static_cast<std::size_t>(limit->second);
      Where where = about(week, profile, lessons);
      where.day.reset();
      where.subject = subject;
      where.grade = grade;
      report(findings, Code::weekly_hours, std::move(where), rows_of(std::span(lessons).subspan(allowed)),
             static_cast<std::int64_t>(lessons.size()), limit->second,
             static_cast<std::int64_t>(lessons.size() - allowed));
    }
  }
}

}  // namespace tongke::school::timetable::rules
