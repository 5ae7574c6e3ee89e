#include "school/people/registry.hpp"
#include "school/schedule/book.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/schedule/fixture.hpp"

using namespace tongke;
using namespace tongke::test;

namespace {

void same(const schedule::Sheets& a, const schedule::Sheets& b) {
  REQUIRE(a.size() == b.size());
  for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y) {
    CHECK(x->first == y->first);
    REQUIRE(x->second.size() == y->second.size());
    for (std::size_t i = 0; i < x->second.size(); ++i) {
      CHECK(x->second[i].slot == y->second[i].slot);
      CHECK(x->second[i].blank == y->second[i].blank);
    }
  }
}

}  // namespace

TEST_CASE("book: what is written is read again") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto registry = people::Registry::open(store);
  REQUIRE(registry);
  REQUIRE(registry->commit(store, small_district()));
  auto book = schedule::Book::open(store);
  REQUIRE(book);

  auto plan = schedule::plan_import(directory(), *book->current(), bytes(kList), {.school = {1}});
  REQUIRE(plan);
  REQUIRE(book->commit(store, plan->changes));
  const std::string_view special =
      "学校,年级,日期,节次,时间,类型,分组,学科,教室,方式,教学目标\n"
      "第一小学,3,2026-12-03,2,8:40-9:00,上课,数学A层,数学,录播室,录播,目标\n"
      "第一小学,3,2026-12-03,3,9:40-10:00,空,,,,,\n";
  plan = schedule::plan_import(directory(), *book->current(), bytes(special), {});
  REQUIRE(plan);
  REQUIRE(plan->problems.empty());
  CHECK(plan->changes.new_places.size() == 1);
  REQUIRE(book->commit(store, plan->changes));
  plan = schedule::plan_import(directory(), *book->current(), bytes("年级,学科,周课时\n3,数学,4\n"), {});
  REQUIRE(plan);
  REQUIRE(book->commit(store, plan->changes));
  auto publish = published(*book->current(), [](const auto& key) { return !key.week; });
  REQUIRE(publish.blocking.empty());
  REQUIRE(book->commit(store, publish.changes));
  schedule::Changes month;
  month.months = with_state({}, timetable::Week::of(kToday), timetable::Stage::middle,
                            timetable::WeekPlan::State::approved);
  REQUIRE(book->commit(store, month));

  const auto again = schedule::Book::open(store);
  REQUIRE(again);
  const auto& was = *book->current();
  const auto& is = *again->current();
  same(was.drafts, is.drafts);
  same(was.published, is.published);
  CHECK(was.last.keys == is.last.keys);
  CHECK(was.last.by == is.last.by);
  CHECK(was.weekly_hours == is.weekly_hours);
  CHECK(was.months == is.months);
  CHECK(was.places == is.places);
  CHECK(was.next_row == is.next_row);
  CHECK(was.generation == is.generation);
}

TEST_CASE("book: one step back lives through a restart, once") {
  ON_BOTH_STORES;
  auto store = at.open();
  const auto commit = [&](auto&& make) {
    auto book = schedule::Book::open(store);
    REQUIRE(book);
    const schedule::Changes changes = make(*book->current());
    REQUIRE_FALSE(changes.empty());
    REQUIRE(book->commit(store, changes));
    return *book->current();
  };
  const auto import_list = [](std::string_view text) {
    return [text](const schedule::Timetable& now) {
      auto plan = schedule::plan_import(directory(), now, bytes(text), {.school = {1}});
      REQUIRE(plan);
      return plan->changes;
    };
  };
  const auto publish = [](const schedule::Timetable& now) { return published(now).changes; };
  const auto undo = [](const schedule::Timetable& now) {
    auto changes = schedule::plan_undo(now);
    REQUIRE(changes);
    return *changes;
  };
  commit(import_list(kList));
  const auto first = commit(publish);
  commit(
      import_list("班级,星期,节次,时间,学科,教学目标,教学建议,评价方式\n"
                  "3(1),周一,1,9:00-9:20,数学,a,b,随堂检测\n"));
  commit(publish);
  same(commit(undo).published, first.published);
  auto book = schedule::Book::open(store);
  REQUIRE(book);
  same(book->current()->published, first.published);
  CHECK_FALSE(schedule::plan_undo(*book->current()));
}

TEST_CASE("book: of two who change at once the slower is told, and looks again") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto one = schedule::Book::open(store);
  auto other = schedule::Book::open(store);
  REQUIRE(one);
  REQUIRE(other);
  schedule::Changes place;
  place.new_places = {{.id = {1}, .school = {1}, .name = "录播室"}};
  REQUIRE(one->commit(store, place));
  place.new_places[0].id = {2};
  const auto late = other->commit(store, place);
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == base::Errc::conflict);
  REQUIRE(other->refresh(store));
  CHECK(other->current()->places.size() == 1);
  place.new_places[0].name = "二楼";
  REQUIRE(other->commit(store, place));
}
