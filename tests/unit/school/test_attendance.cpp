#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <thread>

#include "school/attendance/book.hpp"
#include "school/attendance/obligation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::attendance;
using namespace std::chrono_literals;

namespace {

// 2026-03-02 08:00 in China.
constexpr base::WallTime kEight{1'772'409'600'000ms};
constexpr Window kLesson{kEight, kEight + 40min};

void was_there(Ledger& ledger, std::uint32_t seat, std::chrono::minutes from, std::chrono::minutes to,
               Evidence evidence = Evidence::heartbeat) {
  for (auto minute = from; minute < to; ++minute) (void)ledger.note(seat, evidence, kEight + minute + 20s);
}

State state(const Ledger& ledger, std::uint32_t seat) { return state_of(ledger.find(seat), kLesson); }

std::string file_of(const std::filesystem::path& folder, const std::string& lesson) {
  return LineLog(folder).read(lesson + ".attendance").value();
}

}  // namespace

TEST_CASE("attendance: a minute counts once, whatever showed it") {
  Ledger ledger;
  CHECK(ledger.note(7, Evidence::heartbeat, kEight + 5s));
  CHECK_FALSE(ledger.note(7, Evidence::heartbeat, kEight + 55s));
  CHECK(ledger.note(7, Evidence::media, kEight + 30s));  // new evidence of the same minute
  CHECK(attended(*ledger.find(7), kLesson) == 1min);
}

TEST_CASE("attendance: reconnects, devices and short gaps are one interval, long ones two") {
  Ledger ledger;
  was_there(ledger, 7, 0min, 5min);
  was_there(ledger, 7, 6min, 10min, Evidence::media);  // 90 s without network
  was_there(ledger, 7, 3min, 8min, Evidence::tv);      // the TV as well
  was_there(ledger, 7, 20min, 30min);
  CHECK(intervals(*ledger.find(7), kLesson) ==
        std::vector<Interval>{{kEight, kEight + 10min}, {kEight + 20min, kEight + 30min}});
  CHECK(attended(*ledger.find(7), kLesson) == 20min);
}

TEST_CASE("attendance: what lies outside the lesson does not count") {
  Ledger ledger;
  was_there(ledger, 7, -10min, 60min);
  CHECK(intervals(*ledger.find(7), kLesson) == std::vector<Interval>{{kLesson.from, kLesson.to}});
  was_there(ledger, 8, -10min, -1min);
  CHECK(intervals(*ledger.find(8), kLesson).empty());
  const Window odd{kEight + 90s, kEight + 100s};
  CHECK(attended(*ledger.find(7), odd) == 10s);
}

TEST_CASE("attendance: one state for each pupil") {
  Ledger ledger;
  was_there(ledger, 1, 0min, 40min);
  was_there(ledger, 2, 0min, 20min);
  was_there(ledger, 3, 0min, 15min);
  was_there(ledger, 4, 0min, 40min, Evidence::tv);
  was_there(ledger, 5, 0min, 40min, Evidence::media);
  for (auto minute = 0min; minute < 32min; ++minute) (void)ledger.note_replay(6, minute);
  for (auto minute = 0min; minute < 31min; ++minute) (void)ledger.note_replay(7, minute);
  was_there(ledger, 8, 0min, 10min);
  for (auto minute = 8min; minute < 33min; ++minute) (void)ledger.note_replay(8, minute);
  CHECK(ledger.declare(9, Declared::tv, kEight));
  CHECK(ledger.declare(10, Declared::package, kEight));
  CHECK(ledger.declare(11, Declared::excused, kEight));
  CHECK(ledger.declare(1, Declared::excused, kEight));  // and then came all the same

  CHECK(state(ledger, 1) == State::live);
  CHECK(state(ledger, 2) == State::live);
  CHECK(state(ledger, 3) == State::unresolved);
  CHECK(state(ledger, 4) == State::tv);
  CHECK(state(ledger, 5) == State::live);  // an old player without JavaScript is seen
  CHECK(state(ledger, 6) == State::late);
  CHECK(state(ledger, 7) == State::unresolved);
  CHECK(state(ledger, 8) == State::late);  // came late, and saw the rest later
  CHECK(state(ledger, 9) == State::tv);
  CHECK(state(ledger, 10) == State::package);
  CHECK(state(ledger, 11) == State::excused);
  CHECK(state(ledger, 12) == State::unresolved);
}

TEST_CASE("attendance: the seconds over a lesson's last whole minute are in no replay") {
  Ledger ledger;
  (void)ledger.note_replay(1, 0min);
  CHECK(state_of(ledger.find(1), {kEight, kEight + 62s}) == State::late);
  CHECK(state_of(ledger.find(1), {kEight, kEight + 20s}) == State::late);
  CHECK(state_of(ledger.find(1), {kEight, kEight + 100s}) == State::unresolved);
}

TEST_CASE("attendance: the absent list comes at ten minutes and holds who was not seen at all") {
  const std::vector<Expected> roster = {{1, "李明"}, {2, "张芳"}, {3, "王磊"}, {4, "赵敏"}};
  Ledger ledger;
  was_there(ledger, 1, 2min, 3min);
  CHECK(ledger.declare(3, Declared::excused, kEight));
  CHECK(absent(ledger, roster, {kEight, kEight + 10min - 1s}).empty());
  CHECK(absent(ledger, roster, {kEight, kEight + 10min}) == std::vector<std::uint32_t>{2, 4});
  was_there(ledger, 4, 10min, 11min);
  CHECK(absent(ledger, roster, {kEight, kEight + 11min}) == std::vector<std::uint32_t>{2});
}

TEST_CASE("attendance: CSV for spreadsheets") {
  const std::vector<Expected> roster = {{1, "李明"}, {2, "=cmd|' /C calc'!A1"}, {3, "\"小\"王, 磊"}};
  const std::vector<std::string> heading = {"座号", "姓名", "状态", "登记", "分钟", "首次", "末次", "时段"};
  Ledger ledger;
  was_there(ledger, 1, 0min, 5min);
  was_there(ledger, 1, 10min, 30min);
  CHECK(ledger.declare(3, Declared::tv, kEight));
  const std::string text = csv(ledger, roster, kLesson, heading, 8h);
  CHECK(text ==
        "\xEF\xBB\xBF座号,姓名,状态,登记,分钟,首次,末次,时段\r\n"
        "1,李明,live,,25,2026-03-02 08:00:00,2026-03-02 08:30:00,08:00:00-08:05:00 08:10:00-08:30:00\r\n"
        "2,\"'=cmd|' /C calc'!A1\",unresolved,,0,,,\r\n"
        "3,\"\"\"小\"\"王, 磊\",tv,tv,0,,,\r\n");
}

TEST_CASE("attendance: after 100,000 random events every interval is sound and the states add up") {
  std::mt19937 random(20260302);
  constexpr int kSeats = 200;
  constexpr int kEvents = 100'000;
  std::vector<Expected> roster;
  for (std::uint32_t seat = 0; seat < kSeats; ++seat) roster.push_back({seat, ""});
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  Ledger ledger;
  std::vector<std::string> kept;
  std::vector<std::set<std::int64_t>> truth(kSeats);  // minutes of the lesson
  for (int event = 0; event < kEvents; ++event) {
    const auto seat = static_cast<std::uint32_t>(pick(0, kSeats - 1));
    // Clocks jump: now and then an hour off, or a year.
    auto at = kEight + std::chrono::milliseconds(pick(-600'000, 3'000'000));
    if (pick(0, 99) == 0) at += std::chrono::hours(pick(-9000, 9000));
    std::optional<std::string> line;
    switch (pick(0, 19)) {
      case 0:
        line = ledger.note_replay(seat, std::chrono::milliseconds(pick(-1'000'000, 100'000'000)));
        break;
      case 1:
        line = ledger.declare(seat, static_cast<Declared>(pick(0, 3)), at);
        break;
      case 2:
        line = ledger.note_companion(seat, static_cast<std::uint8_t>(pick(0, 5)), at);
        break;
      case 3: {
        // Crash: the ledger is what its lines say; the last may be torn, any may come twice.
        ledger = Ledger();
        for (const auto& old : kept) CHECK(ledger.read(old));
        if (!kept.empty())
          (void)ledger.read(kept[static_cast<std::size_t>(pick(0, static_cast<int>(kept.size()) - 1))]);
        event += 500;  // dear
        break;
      }
      default: {
        line = ledger.note(seat, static_cast<Evidence>(1 << pick(0, 2)), at);
        const auto minute = std::chrono::floor<std::chrono::minutes>(at - kEight).count();
        if (minute >= 0 && minute < 40) truth[seat].insert(minute);
      }
    }
    if (line) kept.push_back(*line);
  }
  for (const auto& pupil : roster) {
    const auto* const seat = ledger.find(pupil.seat);
    REQUIRE(seat != nullptr);
    base::WallTime before = kLesson.from - kBridge - 1ms;
    std::int64_t minutes = 0;
    for (const auto& interval : intervals(*seat, kLesson)) {
      CHECK(interval.from - before > kBridge);
      CHECK(interval.to > interval.from);
      CHECK(interval.from >= kLesson.from);
      CHECK(interval.to <= kLesson.to);
      before = interval.to;
      minutes += (interval.to - interval.from) / 1min;
    }
    CHECK(attended(*seat, kLesson) <= kLesson.to - kLesson.from);
    CHECK(minutes >= static_cast<std::int64_t>(truth[pupil.seat].size()));  // never a child's minute lost
  }
  for (const auto length : {-5min, 0min, 7min, 40min, 300min}) {
    const auto counts = count(ledger, roster, {kEight, kEight + length});
    CHECK(std::accumulate(counts.begin(), counts.end(), 0U) == roster.size());
  }
}

TEST_CASE("line log: files go on after whole lines, and torn ends are cut off") {
  const test::TempDir dir;
  {
    LineLog log(dir.path());
    CHECK(log.append("a.attendance", "a 1 2 1"));
    CHECK(log.append("b.attendance", "a 9 9 1"));
    CHECK(log.append("a.attendance", "a 1 3 1"));
  }
  CHECK(file_of(dir.path(), "a") == "a 1 2 1\na 1 3 1\n");
  std::filesystem::resize_file(dir.path() / "a.attendance", 12);
  CHECK(file_of(dir.path(), "a") == "a 1 2 1\n");
  {
    LineLog log(dir.path());
    CHECK(log.append("a.attendance", "a 1 4 1"));
  }
  CHECK(file_of(dir.path(), "a") == "a 1 2 1\na 1 4 1\n");
  CHECK(file_of(dir.path(), "nobody").empty());
  CHECK(LineLog(dir.path()).names().value() == std::set<std::string>{"a.attendance", "b.attendance"});
}

TEST_CASE("line log: a folder that cannot be written costs lines, not the server") {
  LineLog log("/proc/nowhere");
  for (int i = 0; i < 1000; ++i) CHECK(log.append("a", "line"));
}

TEST_CASE("book: goes on where the file ends, notes from many threads, more lessons than it keeps") {
  const test::TempDir dir;
  {
    LineLog log(dir.path());
    Book book(log);
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < 4; ++t) {
      threads.emplace_back([&book, t] {
        for (std::uint32_t i = 0; i < 2000; ++i) {
          book.note("l" + std::to_string(i % 50), t, Evidence::media, kEight + std::chrono::minutes(i % 40));
        }
      });
    }
    for (auto& thread : threads) thread.join();
    for (std::size_t i = 0; i < Book::kKept + 10; ++i)
      book.note("x" + std::to_string(i), 1, Evidence::media, kEight);
  }
  LineLog log(dir.path());
  Book book(log);
  book.note("l0", 3, Evidence::tv, kEight);
  book.read("l0", [](const Ledger& ledger) {
    CHECK(ledger.seats().size() == 4);
    // Lesson l0 gets i = 0, 50, 100 … : every tenth minute.
    CHECK(ledger.find(3)->minutes.size() == 4);
    CHECK(ledger.find(3)->minutes.front().evidence == 6);
  });
  book.read("x3", [](const Ledger& ledger) { CHECK(ledger.seats().size() == 1); });
}
