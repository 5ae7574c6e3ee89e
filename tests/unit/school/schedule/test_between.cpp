#include "school/schedule/between.hpp"

#include "tests/unit/school/schedule/fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using schedule::DayLesson;
using schedule::Pause;
using timetable::Kind;

namespace {

const timetable::Zone kZone;
base::WallTime at(std::chrono::minutes time) { return kZone.wall(kToday, time); }

constexpr std::string_view kMorning =
    "学校,年级,班级,星期,节次,时间,类型,方式,分组,学科,主讲\n"
    "第一小学,3,,周四,2,8:20-8:30,课间,,,,\n"
    "第一小学,3,,周四,3,8:30-8:35,眼保健操,,,,\n"
    "第一小学,,3(2),周四,5,9:00-9:20,课间操,,,,\n"
    "第一小学,3,,周四,6,9:30-9:40,课间,离线,,,\n"
    "第一小学,3,,周四,7,10:00-10:05,眼保健操,,A层,,\n"
    "第一小学,,3(1),周四,8,11:00-11:20,,,,数学,李老师\n"
    "第一小学,3,,周五,2,8:20-8:30,眼保健操,,,,\n";

schedule::ViewPtr view_of(std::string_view text) {
  auto made = imported(text);
  made.published = made.drafts;
  auto view = schedule::View::make(std::make_shared<const people::Directory>(directory()),
                                   std::make_shared<const schedule::Timetable>(std::move(made)));
  REQUIRE(view);
  return *view;
}

const Pause kBreak{Kind::rest, at(8h + 20min), at(8h + 30min)};
const Pause kEyes{Kind::eye, at(8h + 30min), at(8h + 35min)};
const Pause kExercise{Kind::exercise, at(9h), at(9h + 20min)};
const Pause kGroupEyes{Kind::eye, at(10h), at(10h + 5min)};

}  // namespace

TEST_CASE("between: a class has its own pauses, its grade's and its groups', until they are over") {
  const schedule::DayPauses day(*view_of(kMorning)->week(timetable::Week::of(kToday), false), kToday, kZone);
  struct Case {
    std::string_view what;
    people::ClassId original_class;
    std::vector<people::GroupId> groups;
    std::chrono::minutes now;
    std::vector<Pause> left;
  };
  const std::vector<Case> cases = {
      {"before school", {1}, {}, 7h, {kBreak, kEyes}},
      {"another class has its own", {2}, {}, 7h, {kBreak, kEyes, kExercise}},
      {"and a layer group", {1}, {{1}}, 7h, {kBreak, kEyes, kGroupEyes}},
      {"one that has begun comes first", {2}, {{1}}, 8h + 34min, {kEyes, kExercise, kGroupEyes}},
      {"its last minute is over with it", {2}, {}, 8h + 35min, {kExercise}},
      {"nothing is left", {1}, {}, 12h, {}},
      {"a class of another school", {3}, {{9}}, 7h, {}},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    CHECK(day.left(one.original_class, one.groups, at(one.now)) == one.left);
  }
  CHECK(schedule::DayPauses().left({1}, {}, at(8h)).empty());
}

TEST_CASE("between: a lesson's row names its subject, on its own day") {
  const auto week = view_of(kMorning)->week(timetable::Week::of(kToday), false);
  const auto lesson = std::ranges::find(*week, Kind::lesson, &timetable::Slot::kind);
  REQUIRE(lesson != week->end());
  CHECK(schedule::DayPauses(*week, kToday, kZone).subject_of(lesson->id) ==
        schedule::to_people(lesson->subject.value()));
  CHECK_FALSE(schedule::DayPauses(*week, kToday + std::chrono::days(1), kZone).subject_of(lesson->id));
}

TEST_CASE("between: the day is worked out once, and again after a change or at midnight") {
  schedule::Today today;
  const auto view = view_of(kMorning);
  const auto first = today.pauses(view, kToday, kZone);
  CHECK(today.pauses(view, kToday, kZone) == first);
  const auto friday = today.pauses(view, kToday + std::chrono::days(1), kZone);
  CHECK(friday != first);
  CHECK(friday->left({1}, {}, at(24h)).size() == 1);
  CHECK(today.pauses(view_of(kList), kToday + std::chrono::days(1), kZone)->left({1}, {}, at(24h)).empty());
}

TEST_CASE("between: what a pupil goes on to") {
  const auto lesson = [](std::string_view id, std::chrono::minutes from) {
    return DayLesson{.id = id, .starts = at(from), .ends = at(from + 20min)};
  };
  const DayLesson here = lesson("here", 8h);
  const auto with = [](DayLesson one, auto change) {
    change(one);
    return one;
  };
  const auto drill = [](DayLesson& one) { one.drill = true; };
  const auto ended = [](DayLesson& one) { one.ended = true; };
  const auto on_air = [](DayLesson& one) { one.on_air = true; };
  struct Case {
    std::string_view what;
    DayLesson here;
    std::vector<DayLesson> lessons;
    std::chrono::minutes now;
    std::string_view next;
  };
  const std::vector<Case> cases = {
      {"the one after it", here, {lesson("c", 10h), lesson("b", 9h), here, lesson("a", 7h)}, 8h + 21min, "b"},
      {"not one that ended early", here, {with(lesson("b", 9h), ended), lesson("c", 10h)}, 8h + 21min, "c"},
      {"not one that nobody taught", here, {lesson("b", 9h), lesson("c", 10h)}, 9h + 20min, "c"},
      {"but one that overruns", here, {with(lesson("b", 9h), on_air), lesson("c", 10h)}, 9h + 30min, "b"},
      {"one that has begun", here, {lesson("b", 9h)}, 9h + 5min, "b"},
      {"none earlier than its own", lesson("b", 9h), {here}, 8h, ""},
      {"no drill after a lesson", here, {with(lesson("b", 9h), drill)}, 8h, ""},
      {"a drill after a drill", with(here, drill), {lesson("b", 9h), with(lesson("c", 10h), drill)}, 8h, "c"},
      {"not tomorrow's", here, {lesson("b", 33h)}, 8h, ""},
      {"nothing after yesterday's", lesson("old", -16h), {lesson("b", 9h)}, 8h, ""},
      {"nothing at all", here, {}, 8h, ""},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    const auto* next = schedule::next_after(one.here, one.lessons, at(one.now), kZone);
    CHECK((next ? next->id : std::string_view()) == one.next);
  }
}
