#include "school/attendance/book.hpp"
#include "school/attendance/class_report.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::attendance;
using namespace std::chrono_literals;

namespace {

constexpr base::WallTime at(std::int64_t ms) { return base::WallTime(std::chrono::milliseconds(ms)); }

}  // namespace

TEST_CASE("seat history: everything of one seat, in order, and nothing of another") {
  struct Case {
    const char* name;
    const char* text;
    bool known;
    std::size_t minutes;
    std::vector<SeatHistory::Companion> companions;
    std::vector<SeatHistory::Declaration> declarations;
    std::vector<Contact> contacts;
  };
  const std::vector<Case> cases = {
      {"nothing", "", false, 0, {}, {}, {}},
      {"another's", "a 8 100 1\nc 8 1 5\nd 8 1 5\nk 8 9 5\na 77 100 1\n", false, 0, {}, {}, {}},
      {"minutes", "a 7 100 1\na 8 100 1\na 7 101 2\na 7 100 2\n", true, 2, {}, {}, {}},
      {"companions come and go",
       "c 7 1 1000\nc 7 3 2000\nc 7 0 3000\nc 7 0 4000\n",
       true,
       0,
       {{1, at(1000)}, {3, at(2000)}, {0, at(3000)}},
       {},
       {}},
      {"what was declared, and taken back",
       "d 7 1 1000\nd 7 0 2000\n",
       true,
       0,
       {},
       {{Declared::tv, at(1000)}, {Declared::nothing, at(2000)}},
       {}},
      {"every contact",
       "k 7 4 1000\nk 7 9 2000\nk 8 9 2500\nk 7 9 2000\n",
       true,
       0,
       {},
       {},
       {{Reached::called, Way::visit, at(1000)}, {Reached::messaged, Way::tv, at(2000)}}},
      {"lines that make no sense", "x 7 1 1\na 7\n\na 7 100 9\nk 7 99 1\na 7 5 1", true, 1, {}, {}, {}}};
  for (const auto& one : cases) {
    INFO(one.name);
    const auto history = history_of(one.text, 7);
    CHECK(history.known == one.known);
    CHECK(history.record.minutes.size() == one.minutes);
    CHECK(history.companions == one.companions);
    CHECK(history.declarations == one.declarations);
    CHECK(history.contacts == one.contacts);
  }
}

TEST_CASE("book: an erased child's minutes stay, who sat beside it and spoke with its family does not") {
  constexpr base::WallTime kEight{1'772'409'600'000ms};
  const Window lesson{kEight, kEight + 40min};
  const test::TempDir dir;
  LineLog log(dir.path());
  Book book(log);
  for (const std::uint32_t seat : {7U, 8U}) {
    book.note("l1", seat, Evidence::heartbeat, kEight);
    book.note_replay("l1", seat, 3min);
    book.note_companion("l1", seat, 2, kEight);
    CHECK(book.note_contact("l1", seat, {Reached::called, Way::excused, kEight + 1min}));
  }
  const std::vector<Expected> roster = {{7, ""}, {8, ""}};
  StateCounts before{};
  book.read("l1", [&](const Ledger& ledger) { before = count(ledger, roster, lesson); });
  REQUIRE(book.make_bare("l1", 7));
  CHECK(book.make_bare("l2", 7));  // nothing there

  const auto check = [&](Book& of) {
    of.read("l1", [&](const Ledger& ledger) {
      CHECK(count(ledger, roster, lesson) == before);
      CHECK(ledger.find(7)->companion == 0);
      CHECK_FALSE(ledger.find(7)->contact);
      CHECK(ledger.find(7)->declared == Declared::excused);
      CHECK(ledger.find(8)->companion == 2);
      CHECK(ledger.find(8)->contact);
    });
  };
  check(book);
  Book again(log);
  check(again);
  const auto history = again.history("l1", 7).value();
  CHECK(history.known);
  CHECK(history.companions.empty());
  CHECK(history.contacts.empty());
  CHECK(history.declarations.size() == 1);
  CHECK(again.history("l1", 8).value().contacts.size() == 1);
}
