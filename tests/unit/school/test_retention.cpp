#include <fstream>

#include "school/retention/deletion.hpp"
#include "school/retention/holds.hpp"
#include "school/retention/rules.hpp"
#include "school/store/retention_table.hpp"
#include "tests/unit/school/any_store.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace std::chrono_literals;
using retention::Facts;
using retention::Kind;

namespace {

constexpr timetable::Date day(int year, unsigned month, unsigned d) {
  return timetable::Date(
      std::chrono::local_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(d)));
}
base::WallTime at(timetable::Date date, std::chrono::milliseconds time = 0ms) {
  return timetable::Zone().wall(date, time);
}

const retention::Rules kRules{.graduation_until = day(2027, 6, 30), .term_end = day(2027, 1, 15), .zone = {}};

}  // namespace

TEST_CASE("retention: media goes on day 31, never before") {
  const Facts lesson{.last = at(day(2026, 11, 2), 9h)};
  CHECK_FALSE(is_due(Kind::media, lesson, kRules, at(day(2026, 12, 2), 9h) - 1ms));
  CHECK(is_due(Kind::media, lesson, kRules, at(day(2026, 12, 2), 9h)));
  CHECK_FALSE(is_due(Kind::media, {.last = lesson.last, .held = true}, kRules, at(day(2030, 1, 1))));
}

TEST_CASE("retention: graduation grades keep theirs to exam day, others' terms are their own") {
  const Facts graduation{.last = at(day(2026, 11, 2)), .graduation = true};
  CHECK_FALSE(is_due(Kind::media, graduation, kRules, at(day(2027, 6, 30), 23h)));
  CHECK(is_due(Kind::media, graduation, kRules, at(day(2027, 7, 1))));
  const Facts late{.last = at(day(2027, 6, 20)), .graduation = true};
  CHECK(due_at(Kind::media, late, kRules) == at(day(2027, 7, 20)));
  CHECK(due_at(Kind::help, graduation, kRules) == at(day(2026, 12, 2)));
}

TEST_CASE("retention: a spot check goes half a year after it was signed, but not while its lesson is held") {
  const Facts signed_then{.last = at(day(2026, 11, 2), 9h)};
  CHECK_FALSE(is_due(Kind::spot_check, signed_then, kRules, at(day(2027, 5, 1), 9h) - 1ms));
  CHECK(is_due(Kind::spot_check, signed_then, kRules, at(day(2027, 5, 1), 9h)));
  CHECK_FALSE(
      is_due(Kind::spot_check, {.last = signed_then.last, .held = true}, kRules, at(day(2030, 1, 1))));
}

TEST_CASE("retention: attendance goes 30 days after the term") {
  const Facts lesson{.last = at(day(2026, 9, 1))};
  CHECK_FALSE(is_due(Kind::presence, lesson, kRules, at(day(2027, 2, 14), 23h)));
  CHECK(is_due(Kind::presence, lesson, kRules, at(day(2027, 2, 15))));
  CHECK_FALSE(due_at(Kind::presence, {.last = at(day(2027, 3, 1))}, kRules));  // the next term's
}

TEST_CASE("retention: the daily job comes at its hour, today or tomorrow") {
  const auto run = at(day(2026, 11, 3), 3h + 30min);
  const auto next = [](base::WallTime from) {
    return retention::next_at(3h + 30min, from, timetable::Zone());
  };
  CHECK(next(at(day(2026, 11, 3))) == run);
  CHECK(next(run) == run);
  CHECK(next(at(day(2026, 11, 2), 3h + 30min + 1ms)) == run);
  CHECK(next(run + 1ms) == at(day(2026, 11, 4), 3h + 30min));
}

TEST_CASE("retention: the deletion log is read from its end, some lines at a time") {
  ON_BOTH_STORES;
  auto store = at.open();
  CHECK(store::load_deletions_before(store, 0, 5)->empty());
  for (const char* lesson : {"a", "b", "c"})
    REQUIRE(store::append_deletion(store, {.kind = "media", .lesson = lesson, .items = 1}));
  const auto lessons = [&](std::uint32_t before, std::size_t limit) {
    std::string all;
    const auto lines = store::load_deletions_before(store, before, limit).value();
    for (const auto& line : lines) all += line.lesson;
    return all;
  };
  CHECK(lessons(0, 5) == "cba");
  CHECK(lessons(0, 2) == "cb");
  CHECK(lessons(2, 2) == "a");
  CHECK(lessons(1, 2).empty());
}

TEST_CASE("retention: a hold takes two persons to set and two to take off") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto holds = retention::Holds::open(store);
  REQUIRE(holds);
  const base::WallTime now(1h);
  CHECK_FALSE(holds->set("a", "", "why", now));
  CHECK_FALSE(holds->set("a", "王", "", now));
  REQUIRE(holds->set("a", "王", "投诉", now));
  CHECK(holds->holds("a", now));
  CHECK_FALSE(holds->holds("a", now + retention::kOnePersonHolds));
  CHECK_FALSE(holds->set("a", "王", "", now));
  REQUIRE(holds->set("a", "李", "", now));
  CHECK(holds->holds("a", now + retention::kOnePersonHolds));
  const auto again = retention::Holds::open(store);
  REQUIRE(again);
  CHECK(again->all() == holds->all());

  REQUIRE(holds->release("a", "李"));
  CHECK(holds->holds("a", now));
  CHECK_FALSE(holds->release("a", "李"));
  REQUIRE(holds->release("a", "赵"));
  CHECK_FALSE(holds->holds("a", now));
  CHECK_FALSE(holds->release("a", "赵"));
  const auto empty = retention::Holds::open(store);
  REQUIRE(empty);
  CHECK(empty->all().empty());
}

TEST_CASE("retention: the log shows when a line was changed or taken out") {
  ON_BOTH_STORES;
  auto store = at.open();
  for (int i = 0; i < 3; ++i) {
    REQUIRE(store::append_deletion(store, {.at = base::WallTime(1s * i),
                                           .kind = "media",
                                           .lesson = "lesson" + std::to_string(i),
                                           .items = 2,
                                           .bytes = 100,
                                           .hash = "00"}));
  }
  auto lines = store::load_deletions(store);
  REQUIRE(lines);
  REQUIRE(lines->size() == 3);
  CHECK_FALSE(retention::broken_at(*lines));
  auto changed = *lines;
  changed[1].bytes = 99;
  CHECK(retention::broken_at(changed) == 2);
  lines->erase(lines->begin() + 1);
  CHECK(retention::broken_at(*lines) == 3);
}

TEST_CASE("retention: the hash of a folder is that of names and contents") {
  const test::TempDir dir;
  const auto folder = dir.path() / "lesson";
  std::filesystem::create_directories(folder / "export");
  const auto write = [&](const char* name, const char* text) { std::ofstream(folder / name) << text; };
  write("a.mp4", "one");
  write("export/b.mp4", "two");
  const auto first = retention::content_of(folder);
  REQUIRE(first);
  CHECK(first->files == 2);
  CHECK(first->bytes == 6);
  CHECK(first->hash.size() == 64);
  write("export/b.mp4", "twO");
  const auto second = retention::content_of(folder);
  REQUIRE(second);
  CHECK(second->hash != first->hash);
  CHECK_FALSE(retention::content_of(folder / "nothing"));
  // A row's pieces are hashed as files of their names would be.
  const auto as_row = retention::content_of({{"lesson/a.mp4", "one"}, {"lesson/export/b.mp4", "two"}});
  CHECK(as_row.files == 2);
  CHECK(as_row.bytes == 6);
  CHECK(as_row.hash == first->hash);
}
