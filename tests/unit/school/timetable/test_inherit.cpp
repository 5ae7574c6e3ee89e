#include "school/timetable/inherit.hpp"
#include "school/timetable/month.hpp"
#include "tests/unit/school/timetable/fixture.hpp"

using namespace tongke;
using namespace tongke::test;

namespace {

const Week kWeek{Date(std::chrono::year(2026) / 3 / 2)};

Row row(std::int64_t id, int period, std::optional<TeacherId> lead = {}) {
  return {
      .slot = {.id = {id}, .period = period, .start = 8h + period * 30min, .length = 20min, .lead = lead}};
}

/// The rows a class attends, ascending.
Rows attended(const std::vector<Slot>& week, ClassId klass) {
  Rows out;
  for (const Slot& slot : week)
    if (std::ranges::find(slot.classes, klass) != slot.classes.end()) out.push_back(slot.id.value);
  std::ranges::sort(out);
  return out;
}

}  // namespace

TEST_CASE("inheritance: stage, grade, school, class, the most special last") {
  std::vector<Sheet> sheets;
  sheets.push_back(
      {.scope = {.stage = Stage::middle}, .week = {}, .rows = {row(1, 1), row(2, 2), row(3, 3)}});
  sheets.push_back({.scope = {.class_id = kG4}, .week = {}, .rows = {row(31, 3)}});
  sheets.push_back({.scope = {.school = kSchool}, .week = {}, .rows = {row(21, 2), row(24, 4)}});
  sheets.push_back({.scope = {.grade = 4}, .week = {}, .rows = {row(11, 1), row(12, 2)}});
  const People people = small_people();
  const auto week = effective_week(people, sheets, kWeek);
  CHECK(attended(week, kG4) == Rows{11, 21, 24, 31});
  CHECK(attended(week, kG6) == Rows{1, 3, 21, 24});
  CHECK(attended(week, kG2) == Rows{21, 24});
  CHECK(attended(week, kG6Junior).empty());

  sheets[1].rows[0].blank = true;
  CHECK(attended(effective_week(people, sheets, kWeek), kG4) == Rows{11, 21, 24});
  std::ranges::reverse(sheets);
  CHECK(attended(effective_week(people, sheets, kWeek), kG4) == Rows{11, 21, 24});
}

TEST_CASE("inheritance: a sheet of one week overrides the standing one in that week") {
  std::vector<Sheet> sheets;
  sheets.push_back({.scope = {.grade = 4}, .week = kWeek, .rows = {row(2, 1)}});
  sheets.push_back({.scope = {.grade = 4}, .week = {}, .rows = {row(1, 1)}});
  const People people = small_people();
  CHECK(attended(effective_week(people, sheets, kWeek), kG4) == Rows{2});
  CHECK(attended(effective_week(people, sheets, {kWeek.monday + std::chrono::weeks(1)}), kG4) == Rows{1});
}

TEST_CASE("inheritance: a row with a lead is one joint lesson, one without is a frame") {
  std::vector<Sheet> sheets = {
      {.scope = {.school = kSchool}, .week = {}, .rows = {row(1, 1, kTeacher), row(2, 2)}}};
  Row layered = row(3, 3, kTeacher);
  layered.slot.groups = {kGroupA};
  sheets[0].rows.push_back(layered);
  Row parents = row(4, 4, kTeacher);
  parents.slot.kind = Kind::parent;
  sheets[0].rows.push_back(parents);
  const auto week = effective_week(small_people(), sheets, kWeek);
  const auto count = [&](std::int64_t id) { return std::ranges::count(week, SlotId{id}, &Slot::id); };
  CHECK(count(1) == 1);
  CHECK(count(2) == 5);
  CHECK(count(3) == 1);
  CHECK(week[0].classes == std::vector{kG2, kG4, kG6, kG9, kG12});
  CHECK_FALSE(has(validate(small_people(), {}, week), Code::parent_roster));
}

TEST_CASE("month view: every week with a day in it, drafts until approved") {
  MonthPlans plans = with_state({}, kWeek, Stage::junior, WeekPlan::State::approved);
  plans = *with_note(plans, kWeek, Stage::low, "新学期第一周");
  const auto view = month_view(std::chrono::year(2026) / 3, plans);
  REQUIRE(view.weeks.size() == 6);  // 1 March is a Sunday, the 31st a Tuesday
  CHECK(format_date(view.weeks.front().week.monday) == "2026-02-23");
  CHECK(format_date(view.weeks.back().week.monday) == "2026-03-30");
  CHECK(view.weeks[1].stages[2].state == WeekPlan::State::approved);
  CHECK(view.weeks[1].stages[0] == WeekPlan{WeekPlan::State::draft, "新学期第一周"});
  CHECK(view.weeks[2].stages[2] == WeekPlan{});
  CHECK(month_view(std::chrono::year(2027) / 2, {}).weeks.size() == 4);

  SECTION("what was approved is not what is changed later") {
    plans = *with_note(plans, kWeek, Stage::junior, "调整");
    CHECK(plans.at({kWeek, Stage::junior}).state == WeekPlan::State::draft);
    plans = with_state(plans, kWeek, Stage::junior, WeekPlan::State::approved);
    plans = *with_note(plans, kWeek, Stage::junior, "调整");  // nothing changed
    CHECK(plans.at({kWeek, Stage::junior}).state == WeekPlan::State::approved);
  }
  CHECK(with_note(plans, kWeek, Stage::low, std::string(501, 'x')).error().field == "note");
}
