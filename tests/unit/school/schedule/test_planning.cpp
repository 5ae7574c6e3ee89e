#include "tests/unit/school/schedule/fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using timetable::Code;

TEST_CASE("planning: rows of a list become drafts, and again change nothing") {
  const auto once = imported(kList);
  REQUIRE(once.drafts.size() == 2);  // a sheet for each class
  CHECK(once.next_row == 4);
  auto again = schedule::plan_import(directory(), once, bytes(kList), {.school = {1}});
  REQUIRE(again);
  CHECK(again->unchanged == 3);
  CHECK(again->created == 0);
  CHECK(again->changes.empty());
}

TEST_CASE("planning: a changed row keeps its number, and a whole sheet can be replaced") {
  const auto once = imported(kList);
  const std::string_view changed =
      "班级,星期,节次,时间,学科\n"
      "3(2),周四,1,9:00-9:20,数学\n";
  auto plan = schedule::plan_import(directory(), once, bytes(changed), {.school = {1}});
  REQUIRE(plan);
  CHECK(plan->updated == 1);
  CHECK(plan->changes.rows_used == 0);
  plan = schedule::plan_import(directory(), once, bytes(changed), {.school = {1}, .replace = true});
  REQUIRE(plan);
  CHECK(plan->removed == 1);
  const auto after = with(once, plan->changes);
  for (const auto& [key, rows] : after.drafts) CHECK(rows.size() == 1);
}

TEST_CASE("planning: a title above the header and bad cells are named by line") {
  const std::string_view text =
      "第一小学线上课表\n"
      "\n"
      "班级,星期,节次,时间,学科,备注\n"
      "3(1),周一,1,8:00-8:20,数学,\n"
      "3(9),周一,1,8:00-8:20,数学,\n"
      "3(1),周八,1,8:00-8:20,拳击,\n";
  const auto plan = schedule::plan_import(directory(), {}, bytes(text), {.school = {1}});
  REQUIRE(plan);
  CHECK(plan->rows == 1);
  REQUIRE(plan->problems.size() == 3);
  CHECK(plan->problems[0].line == 5);
  CHECK(plan->problems[0].column == "class");
  CHECK(plan->problems[1].line == 6);
  CHECK(plan->problems[2].column == "subject");
  CHECK(plan->ignored == std::vector<std::string>{"备注"});
}

TEST_CASE("planning: a school's usual sheet") {
  const std::string_view text =
      "3(1)班课程表,,\n"
      "节次,周一,周二\n"
      "1 8:00-8:20,数学 王老师,语文\n"
      "2 8:40-9:00,拳击,\n";
  const auto plan = schedule::plan_import(directory(), {}, bytes(text), {.school = {1}});
  REQUIRE(plan);
  CHECK(plan->rows == 2);
  REQUIRE(plan->problems.size() == 1);
  CHECK(plan->problems[0].line == 4);
  CHECK(plan->problems[0].column_at == 2);
}

TEST_CASE("planning: the province's table of weekly hours") {
  const auto plan = schedule::plan_import(
      directory(), {}, bytes("年级,学科,周课时\n三年级,数学,1\n三年级,拳击,2\n3,语文,x\n"), {});
  REQUIRE(plan);
  CHECK(plan->weekly_hours);
  CHECK(plan->problems.size() == 2);
  const auto timetable = with(imported(kList), plan->changes);
  REQUIRE(timetable.weekly_hours.size() == 1);
  const auto more = imported(
      "班级,星期,节次,时间,学科,教学目标,教学建议,评价方式\n"
      "3(2),周一,1,8:00-8:20,数学,a,b,随堂检测\n",
      timetable);
  const auto refused = published(more);
  REQUIRE(refused.blocking.size() == 1);
  CHECK(refused.blocking[0].finding.code == Code::weekly_hours);
  CHECK(refused.changes.empty());
}

TEST_CASE("planning: publishing is refused with every broken rule and its rows") {
  const auto draft = imported(
      "班级,星期,节次,时间,学科,教学目标,教学建议,评价方式\n"
      "3(1),周一,1,18:30-18:50,数学,a,b,随堂检测\n"
      "3(1),周二,1,8:00-8:20,数学,,b,随堂检测\n"
      "3(2),周二,1,8:00-10:20,数学,a,b,随堂检测\n");
  const auto plan = published(draft);
  CHECK(plan.changes.empty());
  std::set<Code> codes;
  for (const auto& one : plan.blocking) {
    CHECK_FALSE(one.finding.rows.empty());
    codes.insert(one.finding.code);
  }
  CHECK(codes == std::set{Code::goal_required, Code::evening, Code::daily_cap});
}

TEST_CASE("planning: publishing and one step back") {
  auto timetable = imported(kList);
  auto first = published(timetable);
  CHECK(first.blocking.empty());
  CHECK(first.sheets == 2);
  timetable = with(std::move(timetable), first.changes);
  CHECK(timetable.published.size() == 2);
  CHECK(published(timetable).changes.empty());  // nothing new

  timetable = imported(
      "班级,星期,节次,时间,学科,教学目标,教学建议,评价方式\n"
      "3(1),周一,1,9:00-9:20,数学,a,b,随堂检测\n",
      std::move(timetable));
  auto second = published(timetable);
  CHECK(second.sheets == 1);
  timetable = with(std::move(timetable), second.changes);
  const schedule::SheetKey key{.scope = {.class_id = timetable::ClassId{1}}, .week = {}};
  CHECK(timetable.published.at(key)[0].slot.start == 9h);

  auto undo = schedule::plan_undo(timetable);
  REQUIRE(undo);
  timetable = with(std::move(timetable), *undo);
  CHECK(timetable.published.at(key)[0].slot.start == 8h);
  CHECK(timetable.drafts.at(key)[0].slot.start == 9h);  // the work is not lost
  CHECK_FALSE(schedule::plan_undo(timetable));
}

TEST_CASE("planning: a school is not held up by what another one had wrong before") {
  // The other school's published row breaks a rule that became stricter since.
  auto timetable = imported(kList);
  timetable = with(std::move(timetable), published(timetable).changes);
  timetable.weekly_hours[{3, {2}}] = 0;  // no mathematics in grade 3 any more
  auto plan = schedule::plan_import(directory(), timetable,
                                    bytes("班级,星期,节次,时间,学科,教学目标,教学建议,评价方式\n"
                                          "6(1),周一,1,8:00-8:30,语文,a,b,随堂检测\n"),
                                    {.school = {2}});
  REQUIRE(plan);
  REQUIRE(plan->problems.empty());
  timetable = with(std::move(timetable), plan->changes);
  const auto people = directory();
  const auto own = published(timetable, [&](const schedule::SheetKey& key) {
    return schedule::owner_of(people, key.scope) == people::SchoolId{2};
  });
  CHECK(own.blocking.empty());
  CHECK(own.sheets == 1);
  CHECK_FALSE(own.changes.empty());
  CHECK_FALSE(check_drafts(rules_people(), with_hours({}, timetable), timetable, kToday).empty());
}

TEST_CASE("planning: a sheet of one week is looked at in its week") {
  auto timetable = imported(kList);
  timetable = with(std::move(timetable), published(timetable).changes);
  timetable = imported(
      "班级,日期,节次,时间,学科,教学目标,教学建议,评价方式\n"
      "3(2),2026-12-03,2,19:00-19:20,语文,a,b,随堂检测\n",
      std::move(timetable));
  const auto refused = published(timetable);
  REQUIRE(refused.blocking.size() == 1);
  CHECK(refused.blocking[0].week == timetable::Week::of(kToday + std::chrono::days(7)));
}

TEST_CASE("planning: a row that is moved says what it breaks, before and after") {
  const auto once = imported(kList);
  const auto& key = once.drafts.begin()->first;
  const auto& rows = once.drafts.begin()->second;
  const auto moved_to = [&](timetable::Minutes start) {
    schedule::Rows changed = rows;
    changed.front().slot.start = start;
    return plan_sheet(rules_people(), {}, once, key, changed, {changed.front().slot.id}, kToday);
  };
  const auto evening = moved_to(std::chrono::hours(19));
  CHECK_FALSE(evening.ok());
  CHECK(std::ranges::any_of(evening.findings,
                            [](const auto& one) { return one.finding.code == Code::evening; }));
  // It is written all the same: a draft may be wrong.
  CHECK(evening.changes.drafts.at(key).front().slot.start == std::chrono::hours(19));
  const auto without = plan_sheet(rules_people(), {}, once, key, {}, {}, kToday);
  CHECK(without.ok());
  CHECK_FALSE(with(once, without.changes).drafts.contains(key));
}
