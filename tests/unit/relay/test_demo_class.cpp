#include "relay/app/demo_class.hpp"
#include "school/demo/seed.hpp"
#include "school/rooms.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::relay::app;
namespace people = school::people;

namespace {

/// Two schools with a grade 3 of two classes each and a teacher of mathematics.
people::Directory made_up() {
  people::Changes all;
  all.district = school::demo::demo_district_name();
  all.subjects.push_back({.id = {1}, .name = "数学"});
  for (std::uint32_t number = 1; number <= 4; ++number) {
    const people::SchoolId in{number <= 2 ? 1U : 2U};
    if (number % 2 == 1)
      all.schools.push_back(
          {.id = in, .public_id = people::PublicId::make(), .name = "校" + std::to_string(in.value)});
    all.classes.push_back({.id = {number},
                           .public_id = people::PublicId::make(),
                           .school = in,
                           .grade = 3,
                           .number = static_cast<std::uint16_t>(number % 2 == 1 ? 1 : 2)});
    all.staff.push_back({.id = {number},
                         .public_id = people::PublicId::make(),
                         .school = in,
                         .name = "师" + std::to_string(number),
                         .teaching = {{.original_class = {number}, .subject = {1}}}});
    all.pupils.push_back({.id = {number},
                          .public_id = people::PublicId::make(),
                          .school = in,
                          .original_class = {number},
                          .number = std::to_string(number),
                          .name = "生" + std::to_string(number)});
  }
  people::Directory district;
  district.apply(all);
  return district;
}

}  // namespace

TEST_CASE("demo class: classes of several made-up schools sit in the demo lesson, each with its teacher") {
  const auto district = made_up();
  const auto demo = demo_class(district);
  REQUIRE(demo);
  REQUIRE(demo->rooms.size() == 4);
  std::vector<school::Seating> seatings;
  for (const auto& room : demo->rooms) {
    CHECK(room.teacher.value == room.seating.original_class.value);
    seatings.push_back(room.seating);
  }
  CHECK(school::check_rooms(district, school::LessonMode::joint, seatings));
  CHECK(demo->pupil == people::PupilId{1});
  CHECK(demo->teacher == people::StaffId{1});
  CHECK(demo->lead == people::StaffId{4});
}

TEST_CASE("demo class: children of a real district have no place in a demonstration") {
  auto district = made_up();
  people::Changes named;
  named.district = "真实的区";
  district.apply(named);
  CHECK_FALSE(demo_class(district));
  people::Directory small;
  small.apply(test::small_district());
  CHECK_FALSE(demo_class(small));
  CHECK_FALSE(demo_class(people::Directory()));
}
