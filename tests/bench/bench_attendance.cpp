#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "school/attendance/book.hpp"
#include "school/attendance/class_report.hpp"
#include "school/crypto.hpp"
#include "school/demo/seed.hpp"
#include "school/exchange/planner.hpp"
#include "school/token.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace std::chrono_literals;

namespace {

template <class F>
double seconds_of(F work) {
  const auto begun = base::Steady::now();
  work();
  return std::chrono::duration<double>(base::Steady::now() - begun).count();
}

constexpr base::WallTime kEight{1'772'409'600'000ms};

}  // namespace

// The absent list at 08:10:00 of every class of a district that has a lesson of its own, about 800:
// read from disk (a server just started) and from memory.
int main() {
  const test::TempDir dir;
  const people::PhoneMarker phones(crypto::random_bytes(32));
  people::Directory all;
  all.apply(exchange::plan_import(all, demo::demo_district({}), phones).changes);
  std::vector<Arrangement> lessons;
  for (const auto& row : all.classes()) {
    if (!row.id) continue;
    const std::string id = "l" + std::to_string(row.id.value);
    lessons.push_back(
        {.lesson = id,
         .mode = LessonMode::class_lesson,
         .rooms = {
             {.id = {row.id.value}, .lesson = id, .seating = {.original_class = row.id, .group = {}}}}});
  }
  std::size_t pupils = 0;
  std::uint64_t absent = 0;
  const attendance::Window window{kEight, kEight + 10min};
  const auto list_all = [&](attendance::Book& book) {
    pupils = absent = 0;
    for (const auto& lesson : lessons) {
      book.read(lesson.lesson, [&](const attendance::Ledger& ledger) {
        for (const auto& report : attendance::report(all, lesson, ledger, window)) {
          pupils += report.pupils.size();
          absent += report.absent;
        }
      });
    }
  };
  nlohmann::json out;
  {
    LineLog log(dir.path());
    attendance::Book book(log);
    // Nineteen of twenty were there, each minute by heartbeat and by media.
    for (const auto& lesson : lessons) {
      for (const auto pupil : expected_in(all, lesson.rooms.front().seating)) {
        if (pupil.value % 20 == 0) continue;
        for (auto minute = 0min; minute < 10min; ++minute) {
          book.note(lesson.lesson, kRosterSeats + pupil.value, attendance::Evidence::heartbeat,
                    kEight + minute);
          book.note(lesson.lesson, kRosterSeats + pupil.value, attendance::Evidence::media,
                    kEight + minute + 30s);
        }
      }
    }
    out["from_memory_s"] = seconds_of([&] { list_all(book); });
  }
  LineLog log(dir.path());
  attendance::Book book(log);
  out["from_disk_s"] = seconds_of([&] { list_all(book); });
  out["classes"] = lessons.size();
  out["pupils"] = pupils;
  out["absent"] = absent;
  std::printf("%s\n", out.dump(2).c_str());
  return 0;
}
