#include <numeric>
#include <random>

#include "school/attendance/book.hpp"
#include "school/attendance/class_report.hpp"
#include "school/token.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::attendance;
using namespace std::chrono_literals;

namespace {

constexpr base::WallTime kEight{1'772'409'600'000ms};
constexpr Window kLesson{kEight, kEight + 40min};

people::Directory district() {
  people::Directory all;
  all.apply(test::small_district());
  return all;
}
constexpr std::uint32_t seat(std::uint32_t pupil) { return kRosterSeats + pupil; }

void was_there(Ledger& ledger, std::uint32_t pupil, std::chrono::minutes to = 40min) {
  for (auto minute = 0min; minute < to; ++minute)
    (void)ledger.note(seat(pupil), Evidence::heartbeat, kEight + minute + 20s);
}
Arrangement joint() {
  return {.lesson = "l1",
          .mode = LessonMode::joint,
          .rooms = {{.id = {1}, .lesson = "l1", .seating = {.original_class = {1}, .group = {}}},
                    {.id = {2}, .lesson = "l1", .seating = {.original_class = {2}, .group = {}}}}};
}
Arrangement layered() {
  return {.lesson = "l1",
          .mode = LessonMode::layered,
          .rooms = {{.id = {1}, .lesson = "l1", .seating = {.original_class = {}, .group = {1}}},
                    {.id = {2}, .lesson = "l1", .seating = {.original_class = {}, .group = {2}}}}};
}
std::uint32_t of(const ClassReport& report, State state) {
  return report.counts.at(static_cast<std::size_t>(state));
}
std::uint32_t sum(const ClassReport& report) {
  return std::accumulate(report.counts.begin(), report.counts.end(), 0U);
}

}  // namespace

TEST_CASE("class report: A5, each pupil is one thing, and the unresolved are found") {
  const auto all = district();
  Ledger ledger;
  was_there(ledger, 1);
  was_there(ledger, 5, 3min);  // came, and left
  (void)ledger.declare(seat(2), Declared::excused, kEight);
  (void)ledger.note_contact(seat(3), {Reached::called, Way::replay, kEight + 11min});
  const auto reports = report(all, joint(), ledger, kLesson);
  REQUIRE(reports.size() == 2);
  CHECK(of(reports[0], State::live) == 1);
  CHECK(of(reports[0], State::excused) == 1);
  CHECK(of(reports[0], State::unresolved) == 2);
  CHECK(reports[0].absent == 2);
  CHECK(reports[0].pupils[2].contact->way == Way::replay);
  // Who was seen and left is unresolved, not absent.
  CHECK(of(reports[1], State::unresolved) == 4);
  CHECK(reports[1].absent == 3);
  for (const auto& report : reports) CHECK(sum(report) == report.pupils.size());
}

TEST_CASE("class report: who is unresolved two hours on is late, however long the lesson was") {
  const auto all = district();
  const Ledger nobody;
  const auto line = report(all, joint(), nobody, kLesson)[0].pupils[0];
  CHECK_FALSE(is_overdue(line, kLesson, kEight + 2h - 1ms));
  CHECK(is_overdue(line, kLesson, kEight + 2h));
  CHECK_FALSE(is_overdue(line, {kEight, kEight}, kEight + 3h));  // never began
  auto found = line;
  found.state = State::package;
  CHECK_FALSE(is_overdue(found, kLesson, kEight + 3h));
}

TEST_CASE("class report: by what somebody was there last") {
  Ledger ledger;
  CHECK(last_device(ledger.find(seat(1))) == std::nullopt);
  const auto at = [&](Evidence evidence, std::chrono::minutes minute) {
    (void)ledger.note(seat(1), evidence, kEight + minute);
    return last_device(ledger.find(seat(1)));
  };
  CHECK(at(Evidence::media, 1min) == LastDevice{Evidence::media, kEight + 1min});
  CHECK(at(Evidence::heartbeat, 1min) == LastDevice{Evidence::heartbeat, kEight + 1min});
  CHECK(at(Evidence::tv, 2min) == LastDevice{Evidence::tv, kEight + 2min});
  CHECK(at(Evidence::heartbeat, 2min)->by == Evidence::tv);
  CHECK(at(Evidence::media, 0min)->at == kEight + 2min);
}

TEST_CASE("class report: before ten minutes nobody is absent") {
  const auto all = district();
  const Ledger nobody;
  CHECK(report(all, joint(), nobody, {kEight, kEight + 9min})[0].absent == 0);
  CHECK(report(all, joint(), nobody, {kEight, kEight + 10min})[0].absent == 4);
}

TEST_CASE("class report: a replay closes it by itself") {
  const auto all = district();
  Ledger ledger;
  (void)ledger.note_contact(seat(1), {Reached::messaged, Way::replay, kEight + 15min});
  for (int minute = 0; minute < 31; ++minute) (void)ledger.note_replay(seat(1), std::chrono::minutes(minute));
  CHECK(report(all, joint(), ledger, kLesson)[0].pupils[0].state == State::unresolved);
  (void)ledger.note_replay(seat(1), 31min);  // 80 %
  const auto line = report(all, joint(), ledger, kLesson)[0].pupils[0];
  CHECK(line.state == State::late);
  CHECK_FALSE(line.absent);
  CHECK(line.replayed == 32min);
  CHECK(line.attended == 0min);
}

TEST_CASE("class report: A18, each class is whole again over layer groups, each pupil once") {
  const auto all = district();
  Ledger ledger;
  for (const std::uint32_t pupil : {1U, 2U, 3U, 5U, 6U, 7U, 8U}) was_there(ledger, pupil);
  const auto reports = report(all, layered(), ledger, kLesson);
  REQUIRE(reports.size() == 2);
  // Pupil 4 is in neither group: the lesson does not expect him.
  CHECK(reports[0].pupils.size() == 3);
  CHECK(reports[1].pupils.size() == 4);
  CHECK(of(reports[0], State::live) + of(reports[1], State::live) == 7);
  CHECK(reports[1].pupils[0].room == RoomId{1});
  CHECK(reports[1].pupils[1].room == RoomId{2});
}

TEST_CASE("class report: states add up to the roster, whatever happened") {
  const auto all = district();
  std::mt19937 random(7);
  const auto any = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  Ledger ledger;
  for (int event = 0; event < 20'000; ++event) {
    const std::uint32_t pupil = seat(static_cast<std::uint32_t>(any(10)));
    const base::WallTime at = kEight + std::chrono::seconds(any(4000) - 800);  // clocks are off, too
    switch (any(5)) {
      case 0:
        (void)ledger.note(pupil, static_cast<Evidence>(1 << any(3)), at);
        break;
      case 1:
        (void)ledger.note_replay(pupil, std::chrono::seconds(any(2600)));
        break;
      case 2:
        (void)ledger.declare(pupil, static_cast<Declared>(any(kDeclaredCount)), at);
        break;
      case 3:
        (void)ledger.note_contact(
            pupil, {static_cast<Reached>(any(kReachedCount)), static_cast<Way>(any(kWayCount)), at});
        break;
      default:
        ledger.read("k 2147483649 99 1");
    }
    if (event % 100 != 0) continue;
    for (const auto& arranged : {joint(), layered()}) {
      for (const auto& one : report(all, arranged, ledger, kLesson)) {
        REQUIRE(sum(one) == one.pupils.size());
        REQUIRE(one.absent <= of(one, State::unresolved));
      }
    }
  }
}

TEST_CASE("class report: contacts are kept, and declare what was agreed on") {
  test::TempDir dir;
  const auto look = [](Book& book, auto check) {
    book.read("l1", [&](const Ledger& ledger) { check(*ledger.find(7)); });
  };
  {
    LineLog log(dir.path());
    Book book(log);
    CHECK(book.note_contact("l1", 7, {Reached::called, Way::tv, kEight}));
    look(book, [](const SeatRecord& seat) { CHECK(seat.declared == Declared::tv); });
    CHECK(book.note_contact("l1", 7, {Reached::visited, Way::visit, kEight + 1h}));
  }
  LineLog log(dir.path());
  Book book(log);
  look(book, [](const SeatRecord& seat) {
    CHECK(seat.contact == Contact{Reached::visited, Way::visit, kEight + 1h});
    CHECK(seat.declared == Declared::nothing);
  });
  Ledger ledger;
  for (const char* bad : {"k 1 24 1", "k 1 6 1", "k 1 7 1", "k 1 0", "k 1 0 999999999999999999"}) {
    INFO(bad);
    CHECK_FALSE(ledger.read(bad));
  }
}

TEST_CASE("class report: the sheet has a line a pupil in the reader's language") {
  const auto all = district();
  Ledger ledger;
  was_there(ledger, 1);
  (void)ledger.note_contact(seat(2), {Reached::called, Way::tv, kEight});
  (void)ledger.declare(seat(2), Declared::tv, kEight);
  const auto reports = report(all, joint(), ledger, kLesson);
  const auto zh = sheet(all, reports[0], Language::zh, 8h);
  REQUIRE(zh.rows.size() == 4);
  CHECK(zh.header.size() == zh.rows[0].size());
  CHECK(zh.rows[0] ==
        std::vector<std::string>{"202301", "学生1", "直播", "", "40", "0", "08:00", "08:40", "", ""});
  CHECK(zh.rows[1] ==
        std::vector<std::string>{"202302", "学生2", "电视", "电视", "0", "0", "", "", "电话", "看电视"});
  const auto csv = exchange::sheet_bytes(sheet(all, reports[0], Language::en, 8h), exchange::Format::csv);
  REQUIRE(csv);
  CHECK(csv->find("202301,学生1,live,,40,0,08:00,08:40") != std::string::npos);
  const auto xlsx = exchange::sheet_bytes(zh, exchange::Format::xlsx);
  REQUIRE(xlsx);
  CHECK(xlsx->starts_with("PK"));
}
