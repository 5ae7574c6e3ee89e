#include <algorithm>
#include <random>
#include <set>

#include "school/arrangements.hpp"
#include "school/people/registry.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using base::Errc;

namespace {

people::Directory directory() {
  people::Directory people;
  people.apply(test::small_district());
  return people;
}

Seating of_class(std::uint32_t id) { return {.original_class = {id}}; }
Seating of_group(std::uint32_t id) { return {.group = {id}}; }

}  // namespace

TEST_CASE("rooms: each mode takes its own kinds of rooms") {
  const auto people = directory();
  struct Case {
    LessonMode mode;
    std::vector<Seating> rooms;
    std::optional<Errc> error;
  };
  const std::vector<Case> cases = {
      {LessonMode::open, {}, {}},
      {LessonMode::open, {of_class(1)}, Errc::invalid},
      {LessonMode::class_lesson, {of_class(1)}, {}},
      {LessonMode::class_lesson, {}, Errc::invalid},
      {LessonMode::class_lesson, {of_group(1)}, Errc::invalid},
      {LessonMode::class_lesson, {of_class(1), of_class(2)}, Errc::invalid},
      {LessonMode::layered, {of_group(1), of_group(2)}, {}},
      {LessonMode::layered, {of_group(1), of_class(2)}, Errc::invalid},
      {LessonMode::layered, {}, Errc::invalid},
      {LessonMode::joint, {of_class(1), of_class(2), of_class(3)}, {}},
      {LessonMode::joint, {of_class(1)}, Errc::invalid},
      {LessonMode::joint, {of_class(1), of_class(1)}, Errc::conflict},
      {LessonMode::joint, {of_class(1), of_group(1)}, Errc::conflict},  // pupils 1 and 2 twice
      {LessonMode::joint, {of_class(3), of_group(1)}, {}},
      {LessonMode::joint, {of_class(1), of_class(99)}, Errc::not_found},
      {LessonMode::joint, {of_class(1), Seating{}}, Errc::invalid},
      {LessonMode::joint, std::vector<Seating>(61, of_class(1)), Errc::invalid},
  };
  for (const auto& [mode, rooms, error] : cases) {
    INFO(to_string(mode) << " of " << rooms.size());
    const auto result = check_rooms(people, mode, rooms);
    CHECK(result.has_value() == !error);
    if (!result && error) CHECK(result.error().kind == *error);
    CHECK(lesson_mode_from(to_string(mode)) == mode);
  }
}

TEST_CASE("rooms: a layered lesson gives each class its whole list back") {
  const auto people = directory();
  const Arrangement lesson{
      .lesson = "l",
      .mode = LessonMode::layered,
      .rooms = {{.id = {1}, .seating = of_group(1)}, {.id = {2}, .seating = of_group(2)}}};
  const auto lists = by_original_class(people, lesson);
  REQUIRE(lists.size() == 2);
  CHECK(lists[0].places == std::vector<Place>{{{1}, {1}}, {{2}, {1}}, {{3}, {2}}, {{4}, {}}});
  CHECK(lists[1].places == std::vector<Place>{{{5}, {1}}, {{6}, {2}}, {{7}, {2}}, {{8}, {2}}});
  CHECK(room_of(people, lesson, {5})->id == RoomId{1});
  CHECK_FALSE(room_of(people, lesson, {4}));
  CHECK_FALSE(room_of(people, lesson, {99}));
}

TEST_CASE("rooms: whoever has left is expected nowhere") {
  auto people = directory();
  auto gone = *people.find(people::PupilId{1});
  gone.standing = people::Standing::left;
  people.apply({.pupils = {gone}});
  CHECK(expected_in(people, of_class(1)) == std::vector<people::PupilId>{{2}, {3}, {4}});
  CHECK(expected_in(people, of_group(1)) == std::vector<people::PupilId>{{2}, {5}});
  const Arrangement lesson{.mode = LessonMode::class_lesson, .rooms = {{.id = {1}, .seating = of_class(1)}}};
  CHECK_FALSE(room_of(people, lesson, {1}));
}

TEST_CASE("rooms: whatever the groups, the lists of classes add up to their rosters") {
  std::mt19937 random(20200210);
  for (int round = 0; round < 200; ++round) {
    auto all = test::small_district();
    all.groups.clear();
    const std::uint32_t group_count = 1 + random() % 4;
    for (std::uint32_t g = 1; g <= group_count; ++g) {
      all.groups.push_back({.id = {g},
                            .public_id = people::PublicId::make(),
                            .school = {1},
                            .grade = 3,
                            .subject = {2},
                            .name = std::to_string(g)});
    }
    for (auto& pupil : all.pupils) {
      if (random() % 5 == 0) pupil.standing = people::Standing::left;
      if (random() % 4 != 0) all.groups[random() % group_count].members.push_back(pupil.id);
    }
    people::Directory people;
    people.apply(all);
    Arrangement lesson{.mode = LessonMode::layered};
    std::vector<Seating> seatings;
    for (std::uint32_t g = 1; g <= group_count; ++g) {
      lesson.rooms.push_back({.id = {g}, .seating = of_group(g)});
      seatings.push_back(of_group(g));
    }
    REQUIRE(check_rooms(people, lesson.mode, seatings));
    std::size_t in_rooms = 0;
    for (const auto& seating : seatings) in_rooms += expected_in(people, seating).size();
    std::size_t placed = 0;
    std::set<people::PupilId> once;
    for (const auto& list : by_original_class(people, lesson)) {
      CHECK(list.places.size() == expected_in(people, {.original_class = list.original_class}).size());
      for (const auto& [pupil, room] : list.places) {
        CHECK(once.insert(pupil).second);
        CHECK(people.find(pupil)->original_class == list.original_class);
        const Room* found = room_of(people, lesson, pupil);
        CHECK((found ? found->id : RoomId()) == room);
        if (room) ++placed;
      }
    }
    CHECK(placed == in_rooms);
  }
}

TEST_CASE("arrangements: rooms, leads and handover live through a restart") {
  ON_BOTH_STORES;
  std::string id;
  people::PublicId second_room;
  {
    auto store = at.open();
    auto registry = people::Registry::open(store);
    REQUIRE(registry->commit(store, test::small_district()));
    const auto& people = *registry->current();
    auto lessons = Lessons::open(store);
    const auto lesson = lessons->create("联播课");
    id = lesson->id;
    auto rooms = Arrangements::open(store);
    REQUIRE(rooms);
    CHECK(rooms->of(id).mode == LessonMode::open);
    const auto made =
        rooms->arrange(people, *lesson, LessonMode::joint, {{of_class(1), {1}}, {of_class(2), {}}}, {1});
    REQUIRE(made);
    CHECK(made->lead() == people::StaffId{1});
    second_room = made->rooms[1].public_id;
    CHECK(rooms->find_room(second_room)->seating == of_class(2));
    CHECK(rooms->assign_teacher(people, second_room, {2})->teacher == people::StaffId{2});

    // More rooms: those that stay keep their ids.
    const auto wider = rooms->arrange(people, *lesson, LessonMode::joint,
                                      {{of_class(2), {2}}, {of_class(3), {}}, {of_class(1), {1}}}, {1});
    REQUIRE(wider);
    CHECK(wider->rooms[0].public_id == second_room);

    const auto later = wider->leads.back().from + std::chrono::minutes(5);
    const auto handed = rooms->hand_over(people, *lesson, {2}, later);
    REQUIRE(handed);
    CHECK(handed->leads.size() == 2);
    CHECK(rooms->hand_over(people, *lesson, {2}, later)->leads.size() == 2);
    CHECK(rooms->hand_over(people, *lesson, {1}, later - std::chrono::hours(1)).error().field == "at");
    CHECK(rooms->hand_over(people, *lesson, {99}, later).error().kind == Errc::not_found);
    CHECK(rooms->arrange(people, *lesson, LessonMode::joint, {{of_class(1), {77}}, {of_class(2), {}}}, {1})
              .error()
              .field == "teacher");
    CHECK(rooms->assign_teacher(people, people::PublicId::make(), {2}).error().kind == Errc::not_found);
  }
  auto store = at.open();
  const auto rooms = Arrangements::open(store);
  REQUIRE(rooms);
  const auto& lesson = rooms->of(id);
  CHECK(lesson.mode == LessonMode::joint);
  REQUIRE(lesson.rooms.size() == 3);
  CHECK(lesson.lead() == people::StaffId{2});
  REQUIRE(rooms->find_room(second_room));
  CHECK(rooms->find_room(second_room)->teacher == people::StaffId{2});
  // Titles and states are still written without touching the mode.
  auto lessons = Lessons::open(store);
  CHECK(lessons->set_state(id, LessonState::ended));
  CHECK(Arrangements::open(store)->of(id).mode == LessonMode::joint);
}
