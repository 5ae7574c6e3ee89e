#include <array>
#include <string>

#include "school/permissions.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke::school;
using namespace tongke::school::people;

namespace {

constexpr std::array<const char*, kCapacityCount> kCapacities = {
    "pupil",        "guardian",        "lead",      "teacher",   "homeroom",  "prep lead", "school office",
    "safeguarding", "district office", "resources", "inspector", "technician"};

/// One person a capacity, all at home in class 3(1) of the first school (§1.9's "own").
class World {
 public:
  World() {
    people_.apply(tongke::test::small_district());
    Changes more;
    const auto staff = [&](std::uint32_t id, SchoolId school, std::uint16_t duties) -> Staff& {
      return more.staff.emplace_back(Staff{.id = {id},
                                           .public_id = PublicId::make(),
                                           .school = school,
                                           .duties = duties,
                                           .number = "N" + std::to_string(id),
                                           .name = "某",
                                           .teaching = {},
                                           .leads = {}});
    };
    const auto duty = [](Duty one) { return static_cast<std::uint16_t>(one); };
    staff(10, {1}, 0);  // the lead
    staff(11, {1}, 0).teaching = {{{1}, {1}}};
    staff(12, {1}, 0);
    staff(13, {1}, 0).leads = {{3, {1}}};
    staff(14, {1}, duty(Duty::school_office));
    staff(15, {1}, duty(Duty::safeguarding));
    staff(16, {}, duty(Duty::district_office));
    staff(17, {}, duty(Duty::resources));
    staff(18, {}, duty(Duty::inspector));
    staff(19, {1}, duty(Duty::technician));
    auto homeroom = *people_.find(ClassId{1});
    homeroom.homeroom = {12};
    more.classes.push_back(homeroom);
    more.classes.push_back(
        {.id = {4}, .public_id = PublicId::make(), .school = {1}, .grade = 5, .number = 1, .homeroom = {}});
    more.pupils.push_back({.id = {10},
                           .public_id = PublicId::make(),
                           .school = {1},
                           .original_class = {4},
                           .home = {2},
                           .number = "20230510",
                           .name = "学生10"});
    people_.apply(more);
  }

  [[nodiscard]] const Directory& people() const { return people_; }
  [[nodiscard]] static Asker asker(Capacity capacity) {
    switch (capacity) {
      case Capacity::pupil:
        return {.pupil = {1}};
      case Capacity::guardian:
        return {.home = {1}};  // of pupils 1 and 9
      default:
        return {.staff = {8 + static_cast<std::uint32_t>(capacity)}};
    }
  }
  /// Something of the pupil's, in a lesson of the lead's.
  [[nodiscard]] Target of_pupil(std::uint32_t pupil, std::uint32_t lead, std::uint32_t subject = 0) const {
    auto target = about(people_, *people_.find(PupilId{pupil}));
    target.lead = {lead};
    target.subject = {subject};
    return target;
  }
  [[nodiscard]] Verdict ask(Capacity capacity, Act act, const Target& target) const {
    return may(people_, asker(capacity), act, target);
  }

 private:
  Directory people_;
};

struct Expected {
  const char* act;
  /// A letter a capacity: - nothing, c own (class, child, lesson, subject group), s own school, d everywhere;
  /// S, D the same only for a reason.
  const char* who;
};
constexpr std::array<Expected, kActCount> kExpected = {{
    {"see_school", "cc-sssssddds"},
    {"see_counts", "--ccccssddd-"},
    {"see_names", "---cc-sSD---"},
    {"see_staff", "---sssssddd-"},
    {"correct_pupil", "-c--c-s-----"},
    {"change_people", "------s-d---"},
    {"make_links", "----c-s-D---"},
    {"withdraw_links", "-c-cc-ssd---"},
    {"see_lessons", "ccccccs-ddds"},
    {"watch", "ccccccs-ddd-"},
    {"publish", "--c---------"},
    {"manage_lessons", "------s-d---"},
    {"name_teacher", "------s-----"},
    {"see_absent", "---cc-s-----"},
    {"mark_contact", "---cc-s-----"},
    {"see_guardians", "-c--c-s-----"},
    {"read_help", "c--c---S----"},
    {"see_answers", "cc-c--------"},
    {"send_batches", "--------dd--"},
    {"accept_batches", "-----cs-----"},
    {"attach", "--cc-c------"},
    {"see_timetable", "cccsssssddds"},
    {"change_timetable", "------s-----"},
    {"set_caps", "--------d---"},
    {"activate", "--------d---"},
    {"notify", "------s-d---"},
    {"draw", "--------d-d-"},
    {"see_inspections", "--c---s-d-d-"},
    {"write_rubric", "---------d--"},
    {"give_feedback", "cc----------"},
    {"see_tickets", "cc-cc-s-----"},
    {"answer_tickets", "----c-s----s"},
    {"make_packages", "----c-s-----"},
    {"see_health", "--------d--s"},
    {"manage_accounts", "------s-d---"},
    {"see_access_log", "-c----ssd---"},
    {"own_data", "cc----------"},
    {"hold", "------ssd---"},
    {"see_on_duty", "---sssss---s"},
    {"set_on_duty", "------s-----"},
}};

Verdict expected(char letter, bool own, bool own_school) {
  switch (letter) {
    case 'c':
      return own ? Verdict::yes : Verdict::no;
    case 's':
      return own_school ? Verdict::yes : Verdict::no;
    case 'S':
      return own_school ? Verdict::with_reason : Verdict::no;
    case 'd':
      return Verdict::yes;
    case 'D':
      return Verdict::with_reason;
    default:
      return Verdict::no;
  }
}

}  // namespace

TEST_CASE("permissions: every role, every act, own and other class, own and other school") {
  const World world;
  for (std::size_t a = 0; a < kActCount; ++a) {
    const auto act = static_cast<Act>(a);
    REQUIRE(to_string(act) == kExpected[a].act);
    REQUIRE(std::string(kExpected[a].who).size() == kCapacityCount);
    for (std::size_t c = 0; c < kCapacityCount; ++c) {
      const auto capacity = static_cast<Capacity>(c);
      const char letter = kExpected[a].who[c];
      INFO(kCapacities[c] << " " << kExpected[a].act);
      CHECK(world.ask(capacity, act, world.of_pupil(1, 10)) == expected(letter, true, true));
      // Another grade's class of the same school, another's lesson.
      CHECK(world.ask(capacity, act, world.of_pupil(10, 1)) == expected(letter, false, true));
      // Pupil 9 is the guardian's other child, in another school.
      CHECK(world.ask(capacity, act, world.of_pupil(9, 1)) ==
            expected(letter, capacity == Capacity::guardian, false));
      CHECK(may(world.people(), {}, act, world.of_pupil(1, 10)) == Verdict::no);  // the public: nothing
      CHECK(may_somewhere(world.people(), World::asker(capacity), act) ==
            (letter != '-' && capacity != Capacity::lead));
    }
  }
}

TEST_CASE("permissions: a subject teacher sees the answers of her subject, of her classes only") {
  const World world;
  CHECK(world.ask(Capacity::teacher, Act::see_answers, world.of_pupil(1, 10, 1)) == Verdict::yes);
  CHECK(world.ask(Capacity::teacher, Act::see_answers, world.of_pupil(1, 10, 2)) == Verdict::no);
  CHECK(world.ask(Capacity::teacher, Act::see_names, about(*world.people().find(SchoolId{1}))) ==
        Verdict::no);
  CHECK(world.ask(Capacity::prep_lead, Act::attach, world.of_pupil(1, 1, 2)) == Verdict::no);
}

TEST_CASE("permissions: who has left, or has a duty in the wrong place, may nothing") {
  World world;
  auto people = world.people();
  Staff office = *people.find(StaffId{14});
  office.standing = Standing::left;
  people.put(office);
  const Target own = world.of_pupil(1, 10);
  CHECK(may(people, {.staff = {14}}, Act::see_names, own) == Verdict::no);
  Staff district = *people.find(StaffId{16});
  district.school = {2};
  people.put(district);
  CHECK(may(people, {.staff = {16}}, Act::activate, own) == Verdict::no);
  office = {.id = {14},
            .public_id = office.public_id,
            .school = {},
            .duties = static_cast<std::uint16_t>(Duty::school_office),
            .number = "X",
            .name = "某",
            .teaching = {},
            .leads = {}};
  people.put(office);
  CHECK(may(people, {.staff = {14}}, Act::see_names, own) == Verdict::no);
  Pupil pupil = *people.find(PupilId{1});
  pupil.standing = Standing::left;
  people.put(pupil);
  CHECK(may(people, {.pupil = {1}}, Act::watch, own) == Verdict::no);
  // A technician of the district's own looks after every school's machines, and sees no child.
  Staff technician = *people.find(StaffId{19});
  technician.school = {};
  people.put(technician);
  CHECK(may(people, {.staff = {19}}, Act::see_health, {.school = {2}}) == Verdict::yes);
  CHECK(may(people, {.staff = {19}}, Act::see_names, own) == Verdict::no);
}

TEST_CASE("permissions: an office manages its school's accounts, and nobody whose hands reach further") {
  const World world;
  const auto& people = world.people();
  const auto row = [&](std::uint32_t id) -> const Staff& { return *people.find(StaffId{id}); };
  const auto manages = [&](Capacity who, std::uint32_t whom) {
    return may_manage_account(people, World::asker(who), row(whom));
  };
  for (const std::uint32_t own : {10, 11, 12, 14, 15}) CHECK(manages(Capacity::school_office, own));
  for (const std::uint32_t further : {16, 17, 18, 19}) CHECK_FALSE(manages(Capacity::school_office, further));
  for (std::uint32_t anybody = 10; anybody < 20; ++anybody) {
    CHECK(manages(Capacity::district_office, anybody));
    for (const auto who :
         {Capacity::teacher, Capacity::safeguarding, Capacity::inspector, Capacity::technician})
      CHECK_FALSE(manages(who, anybody));
  }

  const auto gives = [&](Capacity who, std::uint32_t whom, Duty duty) {
    return may_give(people, World::asker(who), row(whom), static_cast<std::uint16_t>(duty));
  };
  CHECK(gives(Capacity::school_office, 11, Duty::school_office));
  CHECK(gives(Capacity::school_office, 11, Duty::safeguarding));
  for (const Duty duty : {Duty::district_office, Duty::resources, Duty::inspector, Duty::technician})
    CHECK_FALSE(gives(Capacity::school_office, 11, duty));
  CHECK(gives(Capacity::district_office, 11, Duty::inspector));
  CHECK_FALSE(gives(Capacity::district_office, 11, Duty::district_office));  // he is a school's
  CHECK_FALSE(gives(Capacity::district_office, 18, Duty::school_office));    // of which school?
}
