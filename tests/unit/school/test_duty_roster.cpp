#include "school/duty_roster.hpp"
#include "school/people/registry.hpp"
#include "school/store/duty_table.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;

namespace {

constexpr auto kTechnician = static_cast<std::size_t>(Post::technician);
constexpr auto kContact = static_cast<std::size_t>(Post::contact);
constexpr people::SchoolId kHere{1};
constexpr people::SchoolId kElsewhere{2};

timetable::Week week(int year, unsigned month, unsigned day) {
  return timetable::Week::of(timetable::Date(
      std::chrono::local_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day))));
}

people::Staff somebody(const people::Directory& people, people::SchoolId school) {
  return *people.find(people.staff_of(school).front());
}

}  // namespace

TEST_CASE("duty roster: only people of the school who are still there, with a line for their telephone") {
  people::Directory people;
  people.apply(test::small_district());
  people::Staff elsewhere = somebody(people, kHere);
  elsewhere.id = {people.next_staff()};
  elsewhere.public_id = people::PublicId::make();
  elsewhere.school = kElsewhere;
  people.put(elsewhere);
  people::Staff left = elsewhere;
  left.id = {people.next_staff()};
  left.public_id = people::PublicId::make();
  left.school = kHere;
  left.standing = people::Standing::left;
  people.put(left);

  DutyWeek roster;
  CHECK(check(people, kHere, roster));
  const auto here = somebody(people, kHere).id;
  roster[6][kContact] = {.staff = here, .phone = "分机 8012"};
  CHECK(check(people, kHere, roster));
  struct Bad {
    Turn turn;
    const char* field;
  };
  for (const auto& [turn, field] :
       {Bad{{.staff = elsewhere.id}, "days.2.technician.staff"},
        Bad{{.staff = left.id}, "days.2.technician.staff"},
        Bad{{.staff = {4'000}}, "days.2.technician.staff"}, Bad{{.phone = "1"}, "days.2.technician.phone"},
        Bad{{.staff = here, .phone = "1\n2"}, "days.2.technician.phone"},
        Bad{{.staff = here, .phone = std::string(61, '1')}, "days.2.technician.phone"}}) {
    roster[2][kTechnician] = turn;
    const auto checked = check(people, kHere, roster);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == base::Errc::invalid);
    CHECK(checked.error().field == field);
  }
}

TEST_CASE("duty roster: a week is kept whole, for its school alone, and goes after its time") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto registry = people::Registry::open(store);
  REQUIRE(registry);
  REQUIRE(registry->commit(store, test::small_district()));
  const auto staff = somebody(*registry->current(), kHere).id;
  const auto this_week = week(2026, 11, 26);
  const auto next_week = week(2026, 11, 30);
  CHECK(store::load_duty_week(store, kHere, this_week).value() == DutyWeek());

  DutyWeek roster;
  roster[0][kTechnician] = {.staff = staff, .phone = "8012"};
  roster[6][kContact] = {.staff = staff, .phone = {}};
  REQUIRE(store::save_duty_week(store, kHere, this_week, roster));
  REQUIRE(store::save_duty_week(store, kHere, next_week, roster));
  CHECK(store::load_duty_week(store, kHere, this_week).value() == roster);
  CHECK(store::load_duty_week(store, kElsewhere, this_week).value() == DutyWeek());

  roster[0][kTechnician] = {};
  REQUIRE(store::save_duty_week(store, kHere, this_week, roster));
  CHECK(store::load_duty_week(store, kHere, this_week).value() == roster);

  REQUIRE(store::drop_duty_before(store, next_week.monday));
  CHECK(store::load_duty_week(store, kHere, this_week).value() == DutyWeek());
  CHECK(store::load_duty_week(store, kHere, next_week).value() != DutyWeek());
}
