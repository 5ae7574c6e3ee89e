#include "school/timetable/edit.hpp"
#include "tests/unit/school/timetable/fixture.hpp"

using namespace tongke;
using namespace tongke::test;

namespace {

const RuleSettings kRules;

std::vector<SlotId> all(const std::vector<Slot>& week) {
  std::vector<SlotId> out;
  for (const Slot& slot : week) out.push_back(slot.id);
  return out;
}

}  // namespace

TEST_CASE("edit: publishing wants the card, and says what is missing") {
  const People people = small_people();
  std::vector<Slot> week = {lesson(1, kG2, 8h, 20min), with_card(lesson(2, kG2, 9h, 20min))};
  auto verdict = publish(people, kRules, week, all(week));
  REQUIRE(verdict);
  CHECK_FALSE(verdict->accepted());
  CHECK(has(verdict->blocking, Code::goal_required));
  CHECK(verdict->week == week);
  const std::vector<SlotId> second = {{2}};
  verdict = publish(people, kRules, week, second);
  CHECK(verdict->accepted());
  CHECK(verdict->week[1].state == State::published);
  CHECK(verdict->week[0].state == State::draft);
  verdict = unpublish(people, kRules, verdict->week, second);
  CHECK(verdict->accepted());
  CHECK(verdict->week == week);
}

TEST_CASE("edit: a lesson too many is refused with its rule (A8)") {
  const People people = small_people();
  const std::vector<Slot> week = {lesson(1, kG2, 8h, 20min), lesson(2, kG2, 9h, 20min),
                                  lesson(3, kG2, 10h, 20min)};
  const auto verdict = add(people, kRules, week, lesson(4, kG2, 11h, 5min));
  REQUIRE(verdict);
  REQUIRE(verdict->blocking.size() == 1);
  CHECK(verdict->blocking[0].code == Code::daily_cap);
  CHECK(rows(verdict->blocking[0]) == Rows{4});
}

TEST_CASE("edit: moving into the evening is refused, also when another draft is there") {
  const People people = small_people();
  std::vector<Slot> week = {lesson(1, kG2, 18h + 30min, 20min), lesson(2, kG4, 9h, 20min)};
  CHECK(
      has(move(people, kRules, week, {2}, {.start = 18h + 20min, .length = 5min})->blocking, Code::evening));
  CHECK(move(people, kRules, week, {1}, {.start = 17h, .length = {}})->accepted());
  CHECK(has(move(people, kRules, week, {1}, {.start = 19h, .length = 30min})->blocking, Code::evening));
}

TEST_CASE("edit: a broken draft can be mended step by step, and not made worse") {
  const People people = small_people();
  std::vector<Slot> week;
  for (int i = 0; i < 5; ++i) week.push_back(with_card(lesson(i + 1, kG2, 8h + i * 40min, 20min)));
  auto verdict = remove(people, kRules, week, {1});
  REQUIRE(verdict->accepted());  // 80 minutes, still over
  CHECK(has(verdict->findings, Code::daily_cap));
  CHECK_FALSE(move(people, kRules, verdict->week, {2}, {.start = 8h, .length = 30min})->accepted());
  CHECK_FALSE(publish(people, kRules, verdict->week, all(verdict->week))->accepted());
  const std::vector<SlotId> three = {{2}, {3}, {4}};
  verdict = publish(people, kRules, verdict->week, three);
  REQUIRE(verdict->accepted());
  // The fourth is over the cap; moving it before the others would make a published one so.
  CHECK_FALSE(move(people, kRules, verdict->week, {5}, {.start = 7h + 30min, .length = {}})->accepted());
  CHECK(move(people, kRules, verdict->week, {5}, {.day = Weekday(2), .start = 8h, .length = {}})->accepted());
}

TEST_CASE("edit: rows that are not there, or twice") {
  const People people = small_people();
  const std::vector<Slot> week = {lesson(1, kG2, 8h, 20min)};
  const std::vector<SlotId> unknown = {{1}, {9}};
  CHECK(publish(people, kRules, week, unknown).error().kind == base::Errc::not_found);
  CHECK(move(people, kRules, week, {9}, {}).error().kind == base::Errc::not_found);
  CHECK(remove(people, kRules, week, {9}).error().kind == base::Errc::not_found);
  CHECK(add(people, kRules, week, week[0]).error().kind == base::Errc::conflict);
}
