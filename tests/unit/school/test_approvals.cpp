#include "school/approvals.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace std::chrono_literals;

namespace {

constexpr base::WallTime kNow{1'770'000'000'000ms};
constexpr people::StaffId kDistrict{90};
constexpr people::StaffId kPrincipal{91};
constexpr people::StaffId kDeputy{92};
constexpr people::StaffId kElsewhere{93};

people::Directory district() {
  people::Directory people;
  people.apply(test::small_district());
  people::Changes more;
  const auto staff = [&](people::StaffId id, people::SchoolId school, people::Duty duty) {
    more.staff.push_back({.id = id,
                          .public_id = people::PublicId::make(),
                          .school = school,
                          .duties = static_cast<std::uint16_t>(duty),
                          .number = "A" + std::to_string(id.value),
                          .name = "某"});
  };
  staff(kDistrict, {}, people::Duty::district_office);
  staff(kPrincipal, {1}, people::Duty::school_office);
  staff(kDeputy, {1}, people::Duty::school_office);
  staff(kElsewhere, {2}, people::Duty::school_office);
  people.apply(more);
  return people;
}

}  // namespace

TEST_CASE("approvals: what somebody of the school's office has agreed to covers the look, for the asker") {
  const auto people = district();
  Approvals approvals;
  const Target in_class = about(*people.find(people::ClassId{1}));
  const Target pupil = about(people, *people.find(people::PupilId{1}));
  const auto wish = approvals.ask(kDistrict, Act::see_names, in_class, "家访核实", kNow);
  REQUIRE(wish);
  const auto agreed = [&](people::StaffId asker, Act act, const Target& target, base::WallTime now = kNow) {
    return approvals.agreed(wish->id, asker, act, target, now).has_value();
  };
  CHECK_FALSE(agreed(kDistrict, Act::see_names, in_class));
  for (const auto nobody : {kDistrict, kElsewhere})
    CHECK(approvals.answer(people, wish->id, nobody, true, kNow).error().kind == base::Errc::not_found);
  REQUIRE(approvals.answer(people, wish->id, kPrincipal, true, kNow));
  CHECK(approvals.answer(people, wish->id, kDeputy, false, kNow).error().kind == base::Errc::conflict);
  CHECK(agreed(kDistrict, Act::see_names, in_class));
  CHECK(agreed(kDistrict, Act::see_names, pupil));
  CHECK_FALSE(agreed(kDistrict, Act::make_links, in_class));
  CHECK_FALSE(agreed(kElsewhere, Act::see_names, in_class));
  CHECK_FALSE(agreed(kDistrict, Act::see_names, about(*people.find(people::SchoolId{1}))));
  CHECK_FALSE(agreed(kDistrict, Act::see_names, in_class, kNow + Approvals::kLasts));
}

TEST_CASE("approvals: a principal's own wish is another's to answer; what was refused opens nothing") {
  const auto people = district();
  Approvals approvals;
  const Target target = about(*people.find(people::SchoolId{1}));
  const auto wish = approvals.ask(kPrincipal, Act::read_help, target, "核实情况", kNow);
  CHECK(approvals.of(people, kPrincipal, kNow).size() == 1);
  CHECK(approvals.of(people, kDeputy, kNow).size() == 1);
  CHECK(approvals.of(people, kElsewhere, kNow).empty());
  CHECK_FALSE(approvals.answer(people, wish->id, kPrincipal, true, kNow));
  REQUIRE(approvals.answer(people, wish->id, kDeputy, false, kNow));
  CHECK_FALSE(approvals.agreed(wish->id, kPrincipal, Act::read_help, target, kNow));
}

TEST_CASE("approvals: so many wait and no more; those of yesterday make room") {
  Approvals approvals;
  for (std::size_t i = 0; i < Approvals::kMost; ++i)
    REQUIRE(approvals.ask({static_cast<std::uint32_t>(1 + i / 100)}, Act::see_names, {.school = {1}},
                          "家访核实", kNow));
  CHECK(approvals.ask(kDistrict, Act::see_names, {.school = {1}}, "家访核实", kNow).error().kind ==
        base::Errc::overload);
  CHECK(approvals.ask(kDistrict, Act::see_names, {.school = {1}}, "家访核实", kNow + 24h));
}
