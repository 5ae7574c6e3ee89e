#include <numeric>

#include "school/attendance/overview.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::attendance;
using namespace std::chrono_literals;

namespace {

constexpr base::WallTime kEight{1'772'409'600'000ms};

people::Directory district() {
  people::Directory all;
  all.apply(test::small_district());
  return all;
}
Lesson lesson(const std::string& id, std::chrono::minutes after) {
  Lesson made;
  made.id = id;
  made.title = "课" + id;
  made.started = kEight + after;
  return made;
}
OverviewLine line(const std::string& id, std::chrono::minutes after, std::uint32_t original_class,
                  std::uint32_t school, StateCounts counts) {
  return {.lesson = lesson(id, after),
          .school = {school},
          .original_class = {original_class},
          .expected = std::accumulate(counts.begin(), counts.end(), 0U),
          .absent = counts.back(),
          .attended = 20min * counts.front(),
          .replayed = 3min,
          .counts = counts};
}
/// Two lessons, the first a joint one of both classes.
std::vector<OverviewLine> lines() {
  return {line("b", 60min, 1, 1, {1, 0, 0, 0, 0, 3}), line("a", 0min, 2, 1, {2, 1, 0, 0, 1, 0}),
          line("a", 0min, 1, 1, {4, 0, 0, 0, 0, 0})};
}

}  // namespace

TEST_CASE("overview: lines of lessons stand by when they began, classes in order") {
  const auto all = summed(district(), lines(), OverviewBy::lesson);
  REQUIRE(all.size() == 3);
  CHECK(all[0].original_class == people::ClassId{1});
  CHECK(all[1].original_class == people::ClassId{2});
  CHECK(all[2].lesson->id == "b");
}

TEST_CASE("overview: a class's lessons are put together, and a school's; the states add up") {
  const auto classes = summed(district(), lines(), OverviewBy::original_class);
  REQUIRE(classes.size() == 2);
  CHECK(classes[0].lessons == 2);
  CHECK(classes[0].expected == 8);
  CHECK(classes[0].counts == StateCounts{5, 0, 0, 0, 0, 3});
  CHECK(classes[0].attended == 100min);
  CHECK(classes[0].replayed == 6min);
  const auto schools = summed(district(), lines(), OverviewBy::school);
  REQUIRE(schools.size() == 1);
  CHECK(schools[0].lessons == 2);
  CHECK(schools[0].expected == 12);
  CHECK(schools[0].absent == 3);
  CHECK_FALSE(schools[0].original_class);
  for (const auto& sum : {classes[0], classes[1], schools[0]})
    CHECK(std::accumulate(sum.counts.begin(), sum.counts.end(), 0U) == sum.expected);
  CHECK(summed(district(), {}, OverviewBy::school).empty());
}

TEST_CASE("overview: a sheet says the day in the school's own time, and every state") {
  const auto people = district();
  const auto sheet = overview_sheet(people, summed(people, lines(), OverviewBy::lesson), Language::zh, 8h);
  REQUIRE(sheet.rows.size() == 3);
  CHECK(sheet.header.size() == 16);
  for (const auto& row : sheet.rows) CHECK(row.size() == sheet.header.size());
  CHECK(sheet.rows[0][0] == "2026-03-02");
  CHECK(sheet.rows[0][1] == "08:00");
  CHECK(sheet.rows[2][1] == "09:00");
  CHECK(sheet.rows[0][2] == "课a");
  CHECK(sheet.rows[0][14] == "80");
  CHECK(sheet.rows[0][15] == "3");
  CHECK(sheet.rows[0][3] == people.find(people::SchoolId{1})->name);
  const auto whole = overview_sheet(people, summed(people, lines(), OverviewBy::school), Language::en, 8h);
  CHECK(whole.rows[0][0].empty());
  CHECK(whole.rows[0][6] == "12");
}
