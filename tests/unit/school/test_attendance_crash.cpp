#include <map>
#include <random>
#include <sstream>

#include "school/attendance/book.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/victim.hpp"

using namespace tongke;
using namespace tongke::school::attendance;
using namespace std::chrono_literals;

namespace {

constexpr int kKills = 50;

using NotedAt = std::map<std::uint32_t, std::chrono::microseconds>;

// Lets the victim note for `life`, then kills it; what it had noted by then, and when.
NotedAt note_and_kill(const std::string& folder, const std::string& lesson, std::uint32_t first_seat,
                      std::chrono::microseconds life) {
  std::istringstream lines(
      test::printed_until_killed({ATTENDANCE_VICTIM, folder, lesson, std::to_string(first_seat)}, life));
  NotedAt noted;
  std::uint32_t number = 0;
  long long us = 0;
  while (lines >> number >> us) noted[number] = std::chrono::microseconds(us);
  return noted;
}

}  // namespace

TEST_CASE("attendance: killed at 50 random moments, it lost at most a second and goes on") {
  const test::TempDir dir;
  std::minstd_rand random(20260302);
  std::uniform_int_distribution<int> life_us(0, 150'000);
  std::chrono::microseconds worst{0};
  std::size_t lost = 0;
  std::size_t all = 0;
  std::uint32_t first = 0;
  NotedAt before;
  for (int kill = 0; kill < kKills; ++kill) {
    INFO("kill " << kill);
    const auto noted =
        note_and_kill(dir.path().string(), "l1", first, std::chrono::microseconds(life_us(random)));
    REQUIRE_FALSE(noted.empty());
    const auto end = noted.rbegin()->second;
    // What the next start of the server does:
    school::LineLog log(dir.path());
    Book book(log);
    book.read("l1", [&](const Ledger& ledger) {
      for (const auto& [seat, at] : noted) {
        ++all;
        if (ledger.find(seat) != nullptr) continue;
        ++lost;
        worst = std::max(worst, end - at);
        CHECK(end - at <= 1s);
      }
      for (const auto& [seat, at] : before) CHECK(ledger.find(seat) != nullptr);
      before.clear();
      for (const auto& [seat, at] : noted) {
        if (ledger.find(seat) != nullptr) before[seat] = at;
      }
    });
    first = noted.rbegin()->first + 1;
  }
  WARN(kKills << " kills; " << lost << " of " << all << " notes lost, the oldest " << worst.count()
              << " us before");
}
