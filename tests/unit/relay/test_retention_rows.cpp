#include "relay/app/retention_rows.hpp"
#include "school/inspection/inspections.hpp"
#include "school/store/feedback_table.hpp"
#include "school/store/inspection_table.hpp"
#include "tests/unit/school/any_store.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace std::chrono_literals;
using relay::app::drop_rows;
using relay::app::find_due_rows;
using relay::app::RetentionSearch;

namespace {

constexpr auto kDay = std::chrono::hours(24);
const base::WallTime kFirst(1000 * kDay);

/// Three lessons drawn, looked at on a day of each: "a" and "c" signed, "b" only begun.
void look(store::Store& store) {
  auto all = inspection::Inspections::open(store, {1, 2, 3}, kFirst);
  REQUIRE(all);
  const auto draw =
      all->make_draw(all->next().id, "7", 3,
                     {{"a", "s", "low", "x"}, {"b", "s", "low", "x"}, {"c", "s", "low", "x"}}, {4}, kFirst);
  REQUIRE(draw);
  int day = 0;
  for (const char* lesson : {"a", "b", "c"}) {
    const auto at = kFirst + ++day * kDay;
    const auto begun = all->begin({.draw = draw->id, .lesson = lesson, .by = {4}}, at - 1h);
    REQUIRE(begun);
    if (*lesson != 'b') REQUIRE(all->sign(*begun, R"({"remark":"好"})", {{at, {1, 2}}, {at, {3}}}, at));
  }
}

std::vector<std::string> lessons_of(const std::vector<relay::app::RetentionTask>& tasks) {
  std::vector<std::string> found;
  for (const auto& task : tasks) found.push_back(task.lesson + (task.held ? " held" : ""));
  return found;
}

}  // namespace

TEST_CASE("retention: spot checks go when their time is over, with their stills and a proof") {
  ON_BOTH_STORES;
  auto store = at.open();
  look(store);
  const test::TempDir folder;
  const relay::record::Catalog catalog(folder.path());
  RetentionSearch search{.catalog = catalog, .lesson_files = folder.path(), .rules = {}};
  search.rules.spot_checks = 100 * kDay;
  const auto due_at = [&](base::WallTime now) {
    search.now = now;
    auto due = find_due_rows(store, search);
    REQUIRE(due);
    return *due;
  };
  CHECK(due_at(kFirst + 101 * kDay - 1ms).empty());
  CHECK(lessons_of(due_at(kFirst + 101 * kDay)) == std::vector<std::string>{"a"});
  CHECK(lessons_of(due_at(kFirst + 102 * kDay - 1h)) == std::vector<std::string>{"a", "b"});

  search.lessons["b"].held = true;
  const auto due = due_at(kFirst + 103 * kDay);
  CHECK(lessons_of(due) == std::vector<std::string>{"a", "b held", "c"});
  const auto said = drop_rows(store, search, due, true);
  REQUIRE(said);
  CHECK(due_at(search.now).size() == 3);
  const auto gone = drop_rows(store, search, due, false);
  REQUIRE(gone);
  REQUIRE(gone->size() == 2);
  CHECK(*gone == *said);
  CHECK(gone->front().kind == "spot_check");
  CHECK(gone->front().lesson == "a");
  CHECK(gone->front().items == 4);  // record, seal, two stills
  CHECK(gone->front().hash.size() == 64);
  CHECK(gone->front().hash != gone->back().hash);  // the seals differ
  CHECK(lessons_of(due_at(search.now)) == std::vector<std::string>{"b held"});
  CHECK(store::load_stills(store, due.front().row)->empty());
  search.lessons["b"].held = false;
  CHECK(lessons_of(due_at(search.now)) == std::vector<std::string>{"b"});
}

TEST_CASE("retention: feedback goes as help threads do, with its number as the proof") {
  ON_BOTH_STORES;
  auto store = at.open();
  const test::TempDir folder;
  const relay::record::Catalog catalog(folder.path());
  RetentionSearch search{.catalog = catalog, .lesson_files = folder.path(), .rules = {}};
  search.now = kFirst + search.rules.help;
  const auto keep = [&](std::uint32_t pupil, base::WallTime said, std::optional<feedback::Ticket> ticket) {
    REQUIRE(store::save_feedback(
        store, {.id = std::to_string(pupil), .pupil = {pupil}, .said = said, .ticket = std::move(ticket)}));
  };
  keep(1, kFirst - 1ms, std::nullopt);
  keep(2, kFirst - 1ms, feedback::Ticket{});  // nobody has answered it
  keep(3, kFirst, std::nullopt);
  REQUIRE(drop_rows(store, search, {}, true)->empty());
  const auto gone = drop_rows(store, search, {}, false);
  REQUIRE(gone);
  REQUIRE(gone->size() == 1);
  CHECK(gone->front().kind == "feedback");
  CHECK(gone->front().items == 1);
  for (const std::uint32_t pupil : {1, 2, 3})
    CHECK(store::load_feedback_of(store, {pupil})->size() == (pupil == 1 ? 0 : 1));
}
