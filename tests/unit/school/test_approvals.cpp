#include "school/approvals.hpp"
#include "tests/unit/school/any_store.hpp"
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
  ON_BOTH_STORES;
  auto store = at.open();
  const auto people = district();
  Approvals approvals;
  const Target in_class = about(*people.find(people::ClassId{1}));
  const Target pupil = about(people, *people.find(people::PupilId{1}));
  const auto wish = approvals.ask(store, kDistrict, Act::see_names, in_class, "家访核实", kNow);
  REQUIRE(wish);
  const auto agreed = [&](people::StaffId asker, Act act, const Target& target, base::WallTime now = kNow) {
    return approvals.agreed(wish->id, asker, act, target, now).has_value();
  };
  CHECK_FALSE(agreed(kDistrict, Act::see_names, in_class));
  for (const auto nobody : {kDistrict, kElsewhere})
    CHECK(approvals.answer(store, people, wish->id, nobody, true, kNow).error().kind ==
          base::Errc::not_found);
  REQUIRE(approvals.answer(store, people, wish->id, kPrincipal, true, kNow));
  CHECK(approvals.answer(store, people, wish->id, kDeputy, false, kNow).error().kind == base::Errc::conflict);
  CHECK(agreed(kDistrict, Act::see_names, in_class));
  CHECK(agreed(kDistrict, Act::see_names, pupil));
  CHECK_FALSE(agreed(kDistrict, Act::make_links, in_class));
  CHECK_FALSE(agreed(kElsewhere, Act::see_names, in_class));
  CHECK_FALSE(agreed(kDistrict, Act::see_names, about(*people.find(people::SchoolId{1}))));
  CHECK_FALSE(agreed(kDistrict, Act::see_names, in_class, kNow + Approvals::kLasts));
}

TEST_CASE("approvals: a principal's own wish is another's to answer; what was refused opens nothing") {
  ON_BOTH_STORES;
  auto store = at.open();
  const auto people = district();
  Approvals approvals;
  const Target target = about(*people.find(people::SchoolId{1}));
  const auto wish = approvals.ask(store, kPrincipal, Act::read_help, target, "核实情况", kNow);
  CHECK(approvals.of(people, kPrincipal, kNow).size() == 1);
  CHECK(approvals.of(people, kDeputy, kNow).size() == 1);
  CHECK(approvals.of(people, kElsewhere, kNow).empty());
  CHECK_FALSE(approvals.answer(store, people, wish->id, kPrincipal, true, kNow));
  REQUIRE(approvals.answer(store, people, wish->id, kDeputy, false, kNow));
  CHECK_FALSE(approvals.agreed(wish->id, kPrincipal, Act::read_help, target, kNow));
}

TEST_CASE("approvals: so many wait and no more; those of yesterday make room") {
  ON_BOTH_STORES;
  auto store = at.open();
  Approvals approvals;
  for (std::size_t i = 0; i < Approvals::kMost; ++i)
    REQUIRE(approvals.ask(store, {static_cast<std::uint32_t>(1 + i / 100)}, Act::see_names, {.school = {1}},
                          "家访核实", kNow));
  CHECK(approvals.ask(store, kDistrict, Act::see_names, {.school = {1}}, "家访核实", kNow).error().kind ==
        base::Errc::overload);
  CHECK(approvals.ask(store, kDistrict, Act::see_names, {.school = {1}}, "家访核实", kNow + 24h));
}

TEST_CASE("approvals: a restart loses none, and forgets those of yesterday") {
  ON_BOTH_STORES;
  const auto people = district();
  const Target in_class = about(*people.find(people::ClassId{1}));
  std::string agreed;
  std::string open;
  {
    auto store = at.open();
    Approvals approvals;
    REQUIRE(approvals.ask(store, kDistrict, Act::see_names, in_class, "昨天", kNow - 25h));
    agreed = approvals.ask(store, kDistrict, Act::see_names, in_class, "家访核实", kNow).value().id;
    open = approvals.ask(store, kPrincipal, Act::read_help, in_class, "核实情况", kNow + 1s).value().id;
    REQUIRE(approvals.answer(store, people, agreed, kPrincipal, true, kNow));
  }
  auto store = at.open();
  Approvals approvals;
  REQUIRE(approvals.load(store, kNow + 1h));
  const auto known = approvals.of(people, kDeputy, kNow + 1h);
  REQUIRE(known.size() == 2);
  CHECK(known[0].id == open);
  CHECK(known[0].state == Approval::State::asked);
  CHECK(known[1].reason == "家访核实");
  CHECK(known[1].approver == kPrincipal);
  CHECK(approvals.agreed(agreed, kDistrict, Act::see_names, in_class, kNow + 1h));
  CHECK(approvals.answer(store, people, open, kDeputy, false, kNow + 1h));
}
