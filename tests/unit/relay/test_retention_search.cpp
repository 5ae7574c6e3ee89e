#include <fstream>

#include "relay/app/retention_search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using relay::app::find_due;
using relay::app::kind_of_log;
using school::retention::Kind;
namespace fs = std::filesystem;
namespace record = relay::record;

namespace {

constexpr auto kDay = std::chrono::hours(24);

void write_old(const fs::path& path, std::chrono::hours age) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "x\n";
  fs::last_write_time(path, fs::file_time_type::clock::now() - age);
}

}  // namespace

TEST_CASE("retention: line logs are attendance, answers, or notes and help") {
  CHECK(kind_of_log("attendance") == Kind::presence);
  CHECK(kind_of_log("teacher.attendance") == Kind::presence);
  CHECK(kind_of_log("lead.attendance") == Kind::presence);
  CHECK(kind_of_log("answers") == Kind::answers);
  for (const char* notes : {"events", "talk", "unattendance", "attendance.tmp"})
    CHECK(kind_of_log(notes) == Kind::help);
}

TEST_CASE("retention: the folders give what is due, and nothing else") {
  const test::TempDir dir;
  const record::Catalog catalog(dir.path() / "recordings");
  for (const char* name : {"old.attendance", "old.teacher.attendance", "old.answers", "old.events",
                           "old.talk", "held.talk", "live.talk"})
    write_old(dir.path() / "lessons" / name, 40 * kDay);
  write_old(dir.path() / "lessons" / "new.talk", 2 * kDay);
  write_old(catalog.layout().lesson("old") / "index.ndjson", 40 * kDay);
  write_old(catalog.layout().lesson("grade9") / "index.ndjson", 40 * kDay);

  relay::app::RetentionSearch search{
      .catalog = catalog, .lesson_files = dir.path() / "lessons", .rules = {}, .now = base::wall_now()};
  search.lessons["held"].held = true;
  search.lessons["live"].live = true;
  search.lessons["grade9"].graduation = true;
  const auto found = [&] {
    std::vector<std::string> names;
    for (const auto& task : find_due(search, std::atomic<bool>(false)))
      names.push_back(task.path.filename().string() + (task.held ? " held" : ""));
    std::ranges::sort(names);
    return names;
  };
  // Without a term nothing ends with it.
  CHECK(found() == std::vector<std::string>{"grade9", "held.talk held", "old", "old.events", "old.talk"});
  search.term_known = true;
  search.rules.graduation_until = school::timetable::Date(std::chrono::days(60'000));
  const auto day = std::chrono::floor<std::chrono::days>(search.now.time_since_epoch());
  search.rules.term_end = school::timetable::Date(day) - std::chrono::days(35);
  CHECK(found() == std::vector<std::string>{"held.talk held", "old", "old.answers", "old.attendance",
                                            "old.events", "old.talk", "old.teacher.attendance"});
  // Answers go with the term, attendance a month later.
  search.rules.term_end = school::timetable::Date(day) - std::chrono::days(3);
  CHECK(found() ==
        std::vector<std::string>{"held.talk held", "old", "old.answers", "old.events", "old.talk"});
}

TEST_CASE("retention: recordings with the day on which each goes, what goes first before the others") {
  const test::TempDir dir;
  const record::Catalog catalog(dir.path() / "recordings");
  const std::vector<std::pair<const char*, int>> ages = {
      {"old", 40}, {"newer", 2}, {"held", 35}, {"live", 50}, {"over", 1}};
  for (const auto& [name, days] : ages)
    write_old(catalog.layout().lesson(name) / "index.ndjson", days * kDay);
  relay::app::RetentionSearch search{
      .catalog = catalog, .lesson_files = dir.path() / "lessons", .rules = {}, .now = base::wall_now()};
  search.lessons["held"].held = true;
  search.lessons["live"].live = true;
  search.lessons["over"].ended = search.now - 10 * kDay;
  const auto all = find_recordings(search, std::atomic<bool>(false));
  REQUIRE(all.size() == 4);
  const auto is = [&](std::size_t at, const char* lesson, int days_left) {
    INFO(lesson);
    CHECK(all[at].lesson == lesson);
    CHECK(all[at].held == (all[at].lesson == "held"));
    CHECK(std::chrono::abs(all[at].due - search.now - days_left * kDay) < std::chrono::minutes(1));
  };
  is(0, "old", -10);
  is(1, "held", -5);
  is(2, "over", 20);  // a lesson's end counts, not a file that was touched after it
  is(3, "newer", 28);
}
