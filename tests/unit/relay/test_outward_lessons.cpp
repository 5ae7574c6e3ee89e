#include "relay/app/outward_lessons.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::relay;
namespace people = school::people;

namespace {

people::Directory district() {
  people::Directory all;
  all.apply(test::small_district());
  return all;
}
school::Arrangement arranged(std::vector<school::Seating> seatings) {
  school::Arrangement lesson{.lesson = "l1", .mode = school::LessonMode::joint};
  for (const auto& seating : seatings) lesson.rooms.push_back({.lesson = "l1", .seating = seating});
  return lesson;
}
school::Lesson titled(const std::string& title) {
  school::Lesson lesson;
  lesson.id = "l1";
  lesson.title = title;
  return lesson;
}
outward::LessonInfo outside(const std::string& title, const school::Arrangement& arrangement,
                            const people::Directory& people) {
  return app::without_names(
      app::outward_lesson(titled(title), outward::State::live, arrangement, nullptr, false, people),
      arrangement, people);
}

}  // namespace

TEST_CASE("outward lessons: of a lesson leave title, times and classes; a title with a name in it does not") {
  const people::Directory people = district();
  const auto& pupil = *people.find(people::PupilId{1});
  const school::Arrangement two =
      arranged({{.original_class = {1}, .group = {}}, {.original_class = {2}, .group = {}}});
  const auto plain = outside("认识负数", two, people);
  CHECK(plain.title == "认识负数");
  REQUIRE(plain.rooms.size() == 2);
  CHECK(plain.rooms[0].school == people.find(pupil.school)->name);
  CHECK(plain.rooms[0].label == "三年级1班");
  const auto named = outside("给" + pupil.name + "补课", two, people);
  CHECK(named.title.find(pupil.name) == std::string::npos);
  CHECK(named.title.find("三年级1班") != std::string::npos);
  for (const auto& staff : people.staff()) {
    if (!staff.id || staff.school != pupil.school) continue;
    CHECK(outside(staff.name + "公开课", two, people).title.find(staff.name) == std::string::npos);
  }
  // A school that is called after somebody.
  people::Directory hero = people;
  people::School school = *people.find(pupil.school);
  school.name = pupil.name + "小学";
  hero.put(school);
  CHECK(outside(school.name + " 三年级1班 数学", two, hero).title == school.name + " 三年级1班 数学");
  // Without classes it may be anybody's.
  const auto open = outside(pupil.name + "的试讲", {}, people);
  CHECK(open.title == "一节课");
  CHECK(open.rooms.empty());
}

TEST_CASE("outward lessons: a layer group that is called after somebody is a layer group") {
  people::Directory people = district();
  const school::Arrangement layered = arranged({{.original_class = {}, .group = {1}}});
  const std::string before = people.find(people::GroupId{1})->name;
  CHECK(outside("数学", layered, people).rooms.at(0).label == before);
  people::LayerGroup group = *people.find(people::GroupId{1});
  group.name = people.find(people::PupilId{1})->name + "组";
  people.put(group);
  CHECK(outside("数学", layered, people).rooms.at(0).label == "分层班");
}

TEST_CASE("outward lessons: planned times are said, and the absence of any") {
  const people::Directory people = district();
  school::schedule::LessonPlan plan;
  CHECK_FALSE(
      app::outward_lesson(titled("x"), outward::State::waiting, {}, &plan, false, people).planned_start);
  plan.starts = base::WallTime(std::chrono::hours(1));
  plan.ends = base::WallTime(std::chrono::hours(2));
  const auto planned = app::outward_lesson(titled("x"), outward::State::waiting, {}, &plan, true, people);
  CHECK(planned.planned_start == plan.starts);
  CHECK(planned.planned_end == plan.ends);
  CHECK(planned.drill);
}
