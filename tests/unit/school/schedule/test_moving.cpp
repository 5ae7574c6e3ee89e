#include "school/schedule/moving.hpp"

#include "tests/unit/school/schedule/fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using timetable::Code;

namespace {

// 3(1) and 3(2) have the same teacher at times next to each other, and 3(2) a full Thursday.
constexpr std::string_view kWeek =
    "班级,星期,节次,时间,学科,主讲\n"
    "3(1),周一,1,8:00-8:20,数学,李老师\n"
    "3(2),周一,2,8:40-9:00,数学,李老师\n"
    "3(2),周一,3,9:20-9:40,语文,\n"
    "3(1),周四,1,8:00-10:00,语文,\n";

struct Dragged {
  schedule::Timetable all = imported(kWeek);
  schedule::SheetKey key = all.drafts.begin()->first;  // 3(1)'s
  schedule::Rows rows = all.drafts.begin()->second;
  timetable::Row row = rows.front();

  std::vector<Code> broken(int day, timetable::Minutes start) const {
    timetable::Row other = row;
    other.slot.day = timetable::Weekday(static_cast<unsigned>(day));
    other.slot.start = start;
    const auto tried = schedule::try_rows(rules_people(), {}, all, {key, rows, 0}, {other}, kToday);
    REQUIRE(tried.size() == 1);
    std::vector<Code> codes;
    for (const auto& one : tried.front())
      if (one.finding.severity == timetable::Severity::error) codes.push_back(one.finding.code);
    return codes;
  }
};

}  // namespace

TEST_CASE("moving: a row at other times says what it would newly break") {
  const Dragged lesson;
  REQUIRE(lesson.row.slot.day == timetable::Weekday(1));
  struct Case {
    const char* name;
    int day;
    timetable::Minutes start;
    std::vector<Code> broken;
  };
  // Its goal is missing before and after: that goes wherever the row goes.
  for (const Case& one : std::vector<Case>{
           {"where it is", 1, 8h, {}},
           {"a free morning", 2, 8h, {}},
           {"beside another class's lesson of its teacher", 1, 8h + 40min, {Code::teacher_double}},
           {"beside a lesson of another class", 1, 9h + 20min, {}},
           {"in the evening", 2, 19h, {Code::evening}},
           {"on top of its own class's lesson, on a day that is full", 4, 8h, {Code::class_double}},
           {"on a full day, right behind", 4, 10h, {Code::daily_cap, Code::short_break}},
           {"beyond midnight", 2, 23h + 50min, {Code::bad_time}},
       }) {
    INFO(one.name);
    CHECK(lesson.broken(one.day, one.start) == one.broken);
  }
}

TEST_CASE("moving: an evening lesson may go where it is less wrong, not more") {
  Dragged lesson;
  lesson.rows.front().slot.start = 18h;
  lesson.row = lesson.rows.front();
  lesson.all.drafts[lesson.key] = lesson.rows;
  CHECK(lesson.broken(1, 17h + 50min).empty());
  CHECK(lesson.broken(1, 19h).empty());
  CHECK(lesson.broken(1, 15h).empty());
}

TEST_CASE("moving: what is looked at is the same as the whole district's week") {
  const Dragged lesson;
  for (int day = 1; day <= 5; ++day) {
    for (timetable::Minutes start = 7h; start < 20h; start += 20min) {
      schedule::Rows rows = lesson.rows;
      rows.front().slot.day = timetable::Weekday(static_cast<unsigned>(day));
      rows.front().slot.start = start;
      const auto whole =
          plan_sheet(rules_people(), {}, lesson.all, lesson.key, rows, {rows.front().slot.id}, kToday);
      const auto tried = schedule::try_rows(rules_people(), {}, lesson.all, {lesson.key, lesson.rows, 0},
                                            {rows.front()}, kToday);
      for (const auto& one : tried.front()) {
        INFO(day << " " << start.count() << " " << to_string(one.finding.code));
        CHECK(std::ranges::any_of(whole.findings, [&](const auto& w) { return w.finding == one.finding; }));
      }
    }
  }
}
