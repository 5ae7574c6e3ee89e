#include "school/lessons.hpp"
#include "school/schedule/plans.hpp"
#include "school/store/plan_table.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/schedule/fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using schedule::DayPlan;

TEST_CASE("plans: a day is active once, and its lessons are known again after a restart") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto lessons = school::Lessons::open(store);
  REQUIRE(lessons);
  const auto lesson = lessons->create("数学");
  REQUIRE(lesson);
  auto plans = schedule::Plans::open(store);
  REQUIRE(plans);
  const auto plan = plans->begin({.day = kToday, .reason = "雪", .made_by = "office"});
  REQUIRE(plan);
  CHECK_FALSE(plans->begin({.day = kToday}));
  const auto drill = plans->begin({.day = kToday, .drill = true});
  REQUIRE(drill);
  CHECK(drill->id != plan->id);
  const schedule::LessonPlan of_drill{.lesson = lesson->id,
                                      .kind = timetable::Kind::qa,
                                      .invited = 3,
                                      .plan = drill->id,
                                      .row = {7},
                                      .first_room = 2,
                                      .starts = base::WallTime(1000ms),
                                      .ends = base::WallTime(2000ms)};
  REQUIRE(plans->set(of_drill));

  const auto again = schedule::Plans::open(store);
  REQUIRE(again);
  REQUIRE(again->of(lesson->id));
  CHECK(*again->of(lesson->id) == of_drill);
  CHECK(again->is_drill(lesson->id));
  CHECK(again->all() == plans->all());
  REQUIRE(plans->set_state(plan->id, DayPlan::State::undone));
  CHECK_FALSE(plans->active_on(kToday, false));
  CHECK(plans->begin({.day = kToday}));
  REQUIRE(plans->forget(lesson->id));
  CHECK_FALSE(plans->of(lesson->id));
  CHECK(plans->lessons_of(drill->id).empty());
}

TEST_CASE("plans: air time is kept by room, lengthened and let go") {
  ON_BOTH_STORES;
  auto store = at.open();
  namespace tt = timetable;
  const auto t = [](int s) { return base::WallTime(std::chrono::seconds(s)); };
  std::vector<school::store::AirRow> rows = {
      {.lesson = "a", .interval = {.room = tt::ClassId{1}, .from = t(10), .to = t(20)}},
      {.lesson = "a", .drill = true, .interval = {.room = tt::GroupId{2}, .from = t(15), .to = t(25)}}};
  REQUIRE(school::store::save_air(store, rows));
  rows[0].interval.to = t(30);
  REQUIRE(school::store::save_air(store, rows));
  const auto all = school::store::load_air(store, t(0));
  REQUIRE(all);
  CHECK(*all == rows);
  const auto late = school::store::load_air(store, t(26));
  REQUIRE(late);
  CHECK(late->size() == 1);
  const auto gone = school::store::drop_air(store, t(26));
  REQUIRE(gone);
  CHECK(*gone == 1);
}
