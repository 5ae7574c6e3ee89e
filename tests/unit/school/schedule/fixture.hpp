#pragma once

#include "school/schedule/bridge.hpp"
#include "school/schedule/planning.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

namespace tongke::test {

using namespace std::chrono_literals;
namespace schedule = school::schedule;
namespace timetable = school::timetable;
namespace people = school::people;

inline people::Directory directory() {
  people::Directory made;
  made.apply(small_district());
  return made;
}

inline timetable::People rules_people() {
  auto made = schedule::rules_people(directory());
  REQUIRE(made);
  return std::move(*made);
}

inline base::ByteView bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline const schedule::Chosen kAll = [](const schedule::SheetKey&) { return true; };
/// A Thursday.
inline constexpr timetable::Date kToday{std::chrono::local_days(std::chrono::year(2026) / 11 / 26)};

/// A list that is fit to be published: two classes of grade 3, Monday and Thursday.
inline constexpr std::string_view kList =
    "班级,星期,节次,时间,学科,主讲,教学目标,教学建议,评价方式\n"
    "3(1),周一,1,8:00-8:20,数学,,会比较分数,备纸笔,随堂检测\n"
    "3(2),周四,1,8:00-8:20,数学,李老师,会比较分数,备纸笔,随堂检测\n"
    "3(2),周四,2,8:40-9:00,语文,,会读课文,备课本,读给家长听\n";

inline schedule::Timetable imported(std::string_view text, schedule::Timetable before = {}) {
  auto plan = schedule::plan_import(directory(), before, bytes(text), {.school = {1}});
  REQUIRE(plan);
  for (const auto& problem : plan->problems) INFO(problem.line << " " << problem.column);
  REQUIRE(plan->problems.empty());
  return with(std::move(before), plan->changes);
}

inline schedule::PublishPlan published(const schedule::Timetable& timetable,
                                       const schedule::Chosen& chosen = kAll) {
  return plan_publish(rules_people(), with_hours({}, timetable), timetable, chosen, kToday, "office", {});
}

}  // namespace tongke::test
