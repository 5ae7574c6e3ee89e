#include "relay/app/school_rooms.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::relay::app;
using school::Role;
using school::Token;
namespace people = school::people;

namespace {

people::Snapshot district(const people::Changes& more = {}) {
  auto all = std::make_shared<people::Directory>();
  all->apply(test::small_district());
  all->apply(more);
  return all;
}
school::Room room(std::uint32_t id, school::Seating seating, std::uint32_t teacher = 0) {
  return {.id = {id},
          .public_id = people::PublicId::make(),
          .lesson = "l1",
          .seating = seating,
          .teacher = {teacher}};
}
constexpr school::Seating kClass1{.original_class = {1}, .group = {}};
constexpr school::Seating kClass2{.original_class = {2}, .group = {}};
constexpr school::Seating kGroupA{.original_class = {}, .group = {1}};
constexpr school::Seating kGroupB{.original_class = {}, .group = {2}};

Token token(Role role, std::uint32_t row, bool person = true) {
  return {.role = role, .lesson = "l1", .seat = (person ? school::kRosterSeats : 0) + row};
}
using Rooms = std::vector<std::uint16_t>;

}  // namespace

TEST_CASE("school rooms: a lesson nobody arranged has one room, and whoever has a link is in it") {
  SchoolRooms rooms;
  const auto plan = rooms.plan("l1");
  REQUIRE(plan->rooms.size() == 1);
  const auto pupil = rooms.place(*plan, token(Role::pupil, 7, false));
  REQUIRE(pupil);
  CHECK(pupil->rooms == Rooms{0});
  CHECK(pupil->seat == 7U);
  CHECK(rooms.place(*plan, token(Role::teacher, 7, false))->rooms == Rooms{0});
  CHECK(rooms.place(*plan, token(Role::inspector, 7, false))->rooms.empty());
}

TEST_CASE("school rooms: a joint lesson's classes have their own pupils and teachers") {
  SchoolRooms rooms;
  rooms.set_people(district());
  rooms.arrange(
      {.lesson = "l1", .mode = school::LessonMode::joint, .rooms = {room(1, kClass1, 1), room(2, kClass2)}});
  const auto plan = rooms.plan("l1");
  REQUIRE(plan->rooms.size() == 2);
  CHECK(plan->rooms[0].seats.size() == 4);
  CHECK(plan->rooms[0].seats[0].label == "学生1");
  CHECK(plan->rooms[1].label.find('2') != std::string::npos);
  CHECK(rooms.place(*plan, token(Role::pupil, 1))->rooms == Rooms{0});
  CHECK(rooms.place(*plan, token(Role::pupil, 5))->rooms == Rooms{1});
  const auto guardian = rooms.place(*plan, token(Role::guardian, 5));
  CHECK(guardian->rooms == Rooms{1});
  CHECK(guardian->seat == school::kRosterSeats + 5);
  // Pupil 9 goes to another school; a counted link is nobody's of two classes.
  CHECK_FALSE(rooms.place(*plan, token(Role::pupil, 9)));
  CHECK_FALSE(rooms.place(*plan, token(Role::pupil, 1, false)));
  // Staff 1 is named for room 1 and teaches class 2, which has no named teacher; 2 is homeroom of 2.
  const auto teacher = rooms.place(*plan, token(Role::teacher, 1));
  CHECK(teacher->rooms == Rooms{0, 1});
  CHECK(teacher->label == "王老师");
  CHECK(rooms.place(*plan, token(Role::teacher, 2))->rooms == Rooms{1});
  CHECK(rooms.place(*plan, token(Role::lead, 3))->rooms.empty());
  CHECK(rooms.place(*plan, token(Role::lead, 2))->rooms == Rooms{1});
  CHECK(rooms.place(*plan, token(Role::office, 3))->rooms.empty());
  CHECK_FALSE(rooms.place(*plan, token(Role::teacher, 99)));
}

TEST_CASE("school rooms: layer groups seat pupils of several classes") {
  SchoolRooms rooms;
  rooms.set_people(district());
  rooms.arrange({.lesson = "l1",
                 .mode = school::LessonMode::layered,
                 .rooms = {room(1, kGroupA, 2), room(2, kGroupB)}});
  const auto plan = rooms.plan("l1");
  CHECK(plan->rooms[0].label == "A层");
  CHECK(rooms.place(*plan, token(Role::pupil, 5))->rooms == Rooms{0});
  CHECK(rooms.place(*plan, token(Role::pupil, 6))->rooms == Rooms{1});
  CHECK_FALSE(rooms.place(*plan, token(Role::pupil, 4)));
  CHECK(rooms.place(*plan, token(Role::teacher, 2))->rooms == Rooms{0});
  CHECK(rooms.place(*plan, token(Role::teacher, 1))->rooms.empty());
}

TEST_CASE("school rooms: a class alone takes links that name nobody, uncounted") {
  SchoolRooms rooms;
  rooms.set_people(district());
  rooms.arrange({.lesson = "l1", .mode = school::LessonMode::class_lesson, .rooms = {room(1, kClass1)}});
  const auto plan = rooms.plan("l1");
  const auto somebody = rooms.place(*plan, token(Role::pupil, 3, false));
  REQUIRE(somebody);
  CHECK(somebody->rooms == Rooms{0});
  CHECK_FALSE(somebody->seat);
  CHECK(rooms.place(*plan, token(Role::lead, 3, false))->rooms == Rooms{0});
}

TEST_CASE("school rooms: rooms keep their numbers when others come and go, and pupils move") {
  SchoolRooms rooms;
  rooms.set_people(district());
  const auto one = room(1, kClass1);
  const auto two = room(2, kClass2);
  rooms.arrange({.lesson = "l1", .mode = school::LessonMode::joint, .rooms = {one, two}});
  const auto before = rooms.plan("l1");
  rooms.arrange({.lesson = "l1", .mode = school::LessonMode::class_lesson, .rooms = {two}});
  const auto after = rooms.plan("l1");
  REQUIRE(after->rooms.size() == 2);
  CHECK(after->rooms[1].id == before->rooms[1].id);
  CHECK(after->rooms[0].seats.empty());
  CHECK_FALSE(rooms.place(*after, token(Role::pupil, 1)));
  CHECK(rooms.plan("l1") == after);  // made once
  people::Changes moved;
  moved.pupils = {*district()->find(people::PupilId{1})};
  moved.pupils[0].original_class = {2};
  rooms.set_people(district(moved));
  const auto now = rooms.plan("l1");
  CHECK(now != after);
  CHECK(rooms.place(*now, token(Role::pupil, 1))->rooms == Rooms{1});
}
