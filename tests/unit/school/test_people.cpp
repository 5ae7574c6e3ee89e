#include <set>

#include "school/people/directory.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school::people;

namespace {

Directory directory() {
  Directory people;
  people.apply(test::small_district());
  return people;
}

template <class T>
std::set<T> as_set(std::span<const T> list) {
  return {list.begin(), list.end()};
}

}  // namespace

TEST_CASE("stage: the same grade under 六三 and 五四") {
  CHECK(kSixThree.stage_of(6) == Stage::upper);
  CHECK(kFiveFour.stage_of(6) == Stage::junior);
  for (const auto& stages : {kSixThree, kFiveFour}) {
    CHECK(stages.valid());
    CHECK(stages.stage_of(1) == Stage::low);
    CHECK(stages.stage_of(2) == Stage::low);
    CHECK(stages.stage_of(3) == Stage::upper);
    CHECK(stages.stage_of(9) == Stage::junior);
    CHECK(stages.stage_of(10) == Stage::senior);
    CHECK(stages.stage_of(12) == Stage::senior);
    CHECK(stages.grade_of(Stage::senior, 3) == 12);
    CHECK_FALSE(stages.grade_of(Stage::senior, 4));
    CHECK_FALSE(stages.grade_of(Stage::low, 0));
  }
  CHECK(kSixThree.grade_of(Stage::junior, 1) == 7);
  CHECK(kFiveFour.grade_of(Stage::junior, 1) == 6);
  CHECK(kFiveFour.grade_of(Stage::junior, 4) == 9);
  CHECK_FALSE(kSixThree.grade_of(Stage::junior, 4));
  CHECK_FALSE(kFiveFour.grade_of(Stage::upper, 6));
  CHECK_FALSE(StageBoundaries{{6, 2, 9, 12}}.valid());
  CHECK_FALSE(StageBoundaries{{2, 6, 9, 11}}.valid());
}

TEST_CASE("people: names of enumerators go both ways") {
  for (std::size_t i = 0; i < kConditionCount; ++i) {
    const auto condition = static_cast<Condition>(i);
    CHECK(condition_from(to_string(condition)) == condition);
  }
  for (std::size_t i = 0; i < kStageCount; ++i) {
    const auto stage = static_cast<Stage>(i);
    CHECK(stage_from(to_string(stage)) == stage);
  }
  for (std::uint16_t bit = 1; bit <= kAllDuties; bit = static_cast<std::uint16_t>(bit * 2)) {
    const auto duty = static_cast<Duty>(bit);
    CHECK(duty_from(to_string(duty)) == duty);
  }
  CHECK_FALSE(condition_from("5G"));
  CHECK_FALSE(duty_from("teacher"));
}

TEST_CASE("people: public ids are unguessable and have one spelling") {
  const PublicId a = PublicId::make();
  CHECK(a);
  CHECK(a != PublicId::make());
  CHECK(PublicId::parse(a.view()) == a);
  CHECK_FALSE(PublicId());
  for (const char* bad : {"", "abc", "ABCDEFGHJKMNPQRS", "0123456789abcde/", "0123456789abcdefg"}) {
    CHECK_FALSE(PublicId::parse(bad));
  }
}

TEST_CASE("directory: finds everybody by number, public id and school's own names") {
  const Directory people = directory();
  CHECK(people.district() == "阿城区");
  CHECK(people.pupil_count() == 9);
  const School* school = people.school_named("第一小学");
  REQUIRE(school);
  CHECK(people.school(school->public_id) == school);
  const Class* second = people.class_numbered(school->id, 3, 2);
  REQUIRE(second);
  CHECK(people.original_class(second->public_id) == second);
  CHECK(people.stage_of(*second) == Stage::upper);
  CHECK(people.stage_of(*people.find(ClassId{3})) == Stage::junior);
  const Pupil* pupil = people.pupil_numbered(school->id, "202301");
  REQUIRE(pupil);
  CHECK(people.pupil(pupil->public_id) == pupil);
  CHECK_FALSE(people.home(pupil->public_id));  // a pupil's id opens no home
  CHECK_FALSE(people.pupil_numbered({2}, "202301"));
  CHECK(people.staff_numbered(school->id, "T1")->name == "王老师");
  CHECK(people.staff_numbered({}, "督学")->has(Duty::inspector));
  CHECK(people.home_coded("H-1")->id == HomeId{1});
  CHECK_FALSE(people.home_coded(""));
  CHECK(people.group_named(school->id, 3, {2}, "A层")->members.size() == 3);
  CHECK(people.subject_named("数学")->id == SubjectId{2});
  CHECK(people.next_pupil() == 10);
}

TEST_CASE("directory: knows what hangs on what") {
  const Directory people = directory();
  CHECK(as_set(people.classes_of({1})) == std::set<ClassId>{{1}, {2}});
  CHECK(as_set(people.pupils_of({1})) == std::set<PupilId>{{1}, {2}, {3}, {4}});
  CHECK(as_set(people.children_of({1})) == std::set<PupilId>{{1}, {9}});
  CHECK(as_set(people.groups_of({5})) == std::set<GroupId>{{1}});
  CHECK(as_set(people.teachers_of({2})) == std::set<StaffId>{{1}, {2}});
  CHECK(as_set(people.homerooms_of({2})) == std::set<ClassId>{{2}});
  CHECK(as_set(people.staff_of({1})) == std::set<StaffId>{{1}, {2}});
}

TEST_CASE("directory: a changed row leaves its old places") {
  Directory people = directory();
  Pupil moved = *people.find(PupilId{1});
  moved.original_class = {2};
  moved.home = {2};
  moved.number = "202399";
  Class handed = *people.find(ClassId{1});
  handed.homeroom = {2};
  Staff teacher = *people.find(StaffId{1});
  teacher.teaching = {{{1}, {1}}};
  people.apply({.classes = {handed}, .pupils = {moved}, .staff = {teacher}});
  CHECK(as_set(people.pupils_of({1})) == std::set<PupilId>{{2}, {3}, {4}});
  CHECK(as_set(people.pupils_of({2})) == std::set<PupilId>{{1}, {5}, {6}, {7}, {8}});
  CHECK(as_set(people.children_of({1})) == std::set<PupilId>{{9}});
  CHECK_FALSE(people.pupil_numbered({1}, "202301"));
  CHECK(people.pupil_numbered({1}, "202399")->id == PupilId{1});
  CHECK(people.homerooms_of({1}).empty());
  CHECK(as_set(people.homerooms_of({2})) == std::set<ClassId>{{1}, {2}});
  CHECK(as_set(people.teachers_of({2})) == std::set<StaffId>{{2}});
  CHECK(people.pupil_count() == 9);
}

TEST_CASE("directory: two rows may trade names") {
  Directory people = directory();
  Pupil a = *people.find(PupilId{1});
  Pupil b = *people.find(PupilId{2});
  std::swap(a.number, b.number);
  people.apply({.pupils = {a, b}});
  CHECK(people.pupil_numbered({1}, "202302")->id == PupilId{1});
  CHECK(people.pupil_numbered({1}, "202301")->id == PupilId{2});
}

TEST_CASE("directory: an erased pupil is nowhere, and the number stays taken") {
  Directory people = directory();
  const PublicId known = people.find(PupilId{9})->public_id;
  people.apply({.erased_pupils = {{9}, {1}}});
  CHECK_FALSE(people.find(PupilId{9}));
  CHECK_FALSE(people.pupil(known));
  CHECK_FALSE(people.pupil_numbered({2}, "202309"));
  CHECK(people.children_of({1}).empty());
  CHECK(people.find(HomeId{1})->phones.empty());
  CHECK(people.find(GroupId{1})->members == std::vector<PupilId>{{2}, {5}});
  CHECK(people.pupil_count() == 7);
  CHECK(people.next_pupil() == 10);
}
