#include <random>
#include <set>
#include <sstream>

#include "school/line_log.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/victim.hpp"

using namespace tongke;

TEST_CASE("line log: killed while it rewrites, it has the old file or the new one, whole") {
  constexpr int kKills = 20;
  std::minstd_rand random(20261126);
  std::uniform_int_distribution<int> life_us(0, 40'000);
  for (int kill = 0; kill < kKills; ++kill) {
    INFO("kill " << kill);
    const test::TempDir dir;
    std::istringstream said(test::printed_until_killed({LINE_LOG_VICTIM, dir.path().string()},
                                                       std::chrono::microseconds(life_us(random))));
    int last = -1;
    for (int number = 0; said >> number;) last = number;
    REQUIRE(last >= 0);
    school::LineLog log(dir.path());
    REQUIRE(log.settle());
    CHECK(log.names().value() == std::set<std::string>{"l1"});
    std::istringstream lines(log.read("l1").value());
    int kept = 0;
    std::string word;
    for (int number = 0; lines >> word >> number;) {
      if (word == "keep") CHECK(number == kept++);
      if (word == "drop") CHECK(number > last);
    }
    CHECK(kept > last);
  }
}
