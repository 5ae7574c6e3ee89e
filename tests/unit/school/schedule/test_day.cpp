#include "school/schedule/day.hpp"

#include "tests/unit/school/schedule/fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using school::LessonMode;

namespace {

std::vector<schedule::PlannedLesson> day(std::string_view text, timetable::Date when) {
  auto made = imported(text);
  made.published = made.drafts;
  const auto week = published_week(rules_people(), made, timetable::Week::of(when));
  return schedule::lessons_of_day(directory(), week, when, {});
}

}  // namespace

TEST_CASE("day: each live row becomes a lesson with its rooms, teachers and times") {
  const auto lessons = day(kList, kToday);
  REQUIRE(lessons.size() == 2);
  const auto& maths = lessons[0];
  CHECK(maths.title == "第一小学 三年级2班 数学");
  CHECK(maths.mode == LessonMode::class_lesson);
  REQUIRE(maths.rooms.size() == 1);
  CHECK(maths.rooms[0].seating.original_class == people::ClassId{2});
  CHECK(maths.rooms[0].teacher == people::StaffId{2});  // who teaches it there
  CHECK(maths.lead == people::StaffId{2});
  CHECK(maths.plan.starts == timetable::Zone().wall(kToday, 8h));
  CHECK(maths.plan.ends == timetable::Zone().wall(kToday, 8h + 20min));
  CHECK(lessons[1].lead == people::StaffId{1});
}

TEST_CASE("day: joint and layered lessons have many rooms, breaks and tasks none") {
  const auto lessons =
      day("学校,年级,星期,节次,时间,类型,方式,分组,学科,主讲\n"
          "第一小学,3,周四,1,8:00-8:20,,,,数学,李老师\n"
          "第一小学,3,周四,2,8:20-8:30,眼保健操,,,,\n"
          "第一小学,3,周四,3,8:30-8:50,,,A层,数学,李老师\n"
          "第一小学,3,周四,4,9:30-9:50,,录播,,语文,\n"
          "第一小学,3,周四,5,19:00-19:30,家长会,,,,\n"
          "第一小学,3,周五,1,8:00-8:20,,,,数学,李老师\n",
          kToday);
  REQUIRE(lessons.size() == 3);
  CHECK(lessons[0].mode == LessonMode::joint);
  CHECK(lessons[0].rooms.size() == 2);
  CHECK(lessons[0].lead == people::StaffId{2});
  CHECK(lessons[1].mode == LessonMode::layered);
  CHECK(lessons[1].rooms[0].seating.group == people::GroupId{1});
  CHECK(lessons[2].plan.kind == timetable::Kind::parent);
  CHECK(lessons[2].rooms.empty());
}
