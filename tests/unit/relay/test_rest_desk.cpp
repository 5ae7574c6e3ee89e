#include <optional>

#include "relay/app/rest_desk.hpp"
#include "school/people/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace std::chrono_literals;
using relay::app::RestDesk;
using school::Role;
namespace links = school::links;
namespace people = school::people;

namespace {

/// A joint lesson of classes 3(1) and 3(2) of one school and 6(1) of another. Seats are counted tokens, by
/// number of their room.
class Morning {
 public:
  Morning() : store(*school::store::Store::open(dir.path() / "tongke.db")) {
    auto registry = people::Registry::open(store);
    REQUIRE(registry);
    REQUIRE(registry->commit(store, test::small_district()));
    district = registry->current();
    lessons.emplace(*school::Lessons::open(store));
    arrangements.emplace(*school::Arrangements::open(store));
    auto made = lessons->create("合课");
    REQUIRE(made);
    lesson = made->id;
    std::vector<school::Arrangements::RoomPlan> rooms;
    for (const std::uint32_t id : {1U, 2U, 3U})
      rooms.push_back({.seating = {.original_class = {id}}, .teacher = {}});
    REQUIRE(arrangements->arrange(*district, *made, school::LessonMode::joint, rooms, {}));
    desk.emplace(RestDesk::Use{.control = control,
                               .signer = signer,
                               .arrangements = *arrangements,
                               .people = [this] { return district; },
                               .rooms_of =
                                   [this](const school::Token& token) {
                                     std::vector<std::string> seated;
                                     for (std::uint32_t room = 0; room < 3; ++room)
                                       if ((token.seat >> room & 1U) != 0)
                                         seated.push_back(this->room(room).str());
                                     return seated;
                                   },
                               .lesson = [](const std::string&) { return nullptr; },
                               .publish = [](const auto&) {},
                               .withdraw = [this](const std::string& name) { withdrawn.push_back(name); },
                               .recheck = [this] { ++rechecks; }});
  }

  [[nodiscard]] people::PublicId room(std::size_t index) const {
    return arrangements->of(lesson).rooms.at(index).public_id;
  }
  /// @param rooms  bits
  [[nodiscard]] school::Token seat(std::uint32_t rooms, Role role = Role::pupil) const {
    return {.role = role, .lesson = lesson, .seat = rooms, .version = {}, .expires = base::wall_now() + 1h};
  }
  [[nodiscard]] bool rests(const school::Token& token) const {
    const auto instead = desk->instead(signer.issue(token), lesson);
    if (instead) CHECK(*instead == lesson + "~rest");
    return instead.has_value();
  }
  [[nodiscard]] bool rests(const links::Screen& screen) const {
    return rests(links::screen_link(book, screen, lesson, base::wall_now() + 1h));
  }

  test::TempDir dir;
  school::store::Store store;
  base::glib::MainLoop control;
  school::TokenSigner signer{{1, 2, 3}};
  links::LinkBook book;
  people::Snapshot district;
  std::optional<school::Lessons> lessons;
  std::optional<school::Arrangements> arrangements;
  std::string lesson;
  std::vector<std::string> withdrawn;
  int rechecks = 0;
  std::optional<RestDesk> desk;
};

}  // namespace

TEST_CASE("rest: whom it is shown in the lesson's place") {
  Morning morning;
  CHECK_FALSE(morning.rests(morning.seat(1)));
  morning.desk->rooms_rest(morning.lesson, "daily_cap", {morning.room(0)});
  CHECK(morning.rechecks == 1);
  CHECK(morning.rests(morning.seat(1)));
  CHECK(morning.rests(morning.seat(1, Role::guardian)));
  CHECK_FALSE(morning.rests(morning.seat(2)));
  // Seats in two rooms, or in none; and who teaches.
  CHECK_FALSE(morning.rests(morning.seat(3)));
  CHECK_FALSE(morning.rests(morning.seat(0)));
  CHECK_FALSE(morning.rests(morning.seat(1, Role::teacher)));
  CHECK_FALSE(morning.desk->instead(morning.signer.issue(morning.seat(1)), "another"));
  CHECK_FALSE(morning.desk->instead("forged", morning.lesson));

  const auto allowed = morning.desk->may_see(morning.seat(1));
  REQUIRE_FALSE(allowed);
  CHECK(allowed.error().kind == base::Errc::forbidden);
  CHECK(allowed.error().field == "daily_cap");
  CHECK(morning.desk->may_see(morning.seat(2)));

  // A screen rests when all that it shows do.
  const links::Screen first{.original_class = {1}};
  const links::Screen grade{.school = {1}, .grade = 3};
  const links::Screen school{.school = {1}};
  const links::Screen other{.school = {2}};
  CHECK(morning.rests(first));
  for (const auto& screen : {grade, school, other}) CHECK_FALSE(morning.rests(screen));
  morning.desk->rooms_rest(morning.lesson, "daily_cap", {morning.room(1)});
  for (const auto& screen : {first, grade, school}) CHECK(morning.rests(screen));
  CHECK_FALSE(morning.rests(other));
  CHECK_FALSE(morning.rests(links::Screen{.school = {1}, .grade = 4}));
}

TEST_CASE("rest: rooms wake one by one, or with the lesson's end") {
  Morning morning;
  morning.desk->rooms_rest(morning.lesson, "evening", {morning.room(0), morning.room(1)});
  morning.desk->rooms_wake(morning.lesson, {morning.room(0)});
  CHECK_FALSE(morning.rests(morning.seat(1)));
  CHECK(morning.rests(morning.seat(2)));
  CHECK(morning.desk->may_see(morning.seat(2)).error().field == "evening");
  SECTION("the last one wakes") { morning.desk->rooms_wake(morning.lesson, {morning.room(1)}); }
  SECTION("the lesson ends") { morning.desk->follow(morning.lesson, relay::live::OnAir::ended); }
  CHECK_FALSE(morning.rests(morning.seat(2)));
  CHECK(morning.withdrawn == std::vector{morning.lesson + "~rest"});
  // A lesson without rooms is nobody's.
  morning.desk->rooms_rest(morning.lesson, "evening", {});
  CHECK_FALSE(morning.rests(morning.seat(2)));
}
