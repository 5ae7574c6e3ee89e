#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "school/timetable/validate.hpp"
#include "tests/support/catch.hpp"

/// A small district that the timetable tests share, and slots in few words.
namespace tongke::test {

using namespace tongke::school::timetable;
using namespace std::chrono_literals;

inline constexpr SchoolId kSchool{1};
inline constexpr SchoolId kFiveFourSchool{2};
inline constexpr ClassId kG2{21};        // low stage, 3 pupils, ids 2101-2103
inline constexpr ClassId kG4{41};        // middle, 8 pupils
inline constexpr ClassId kG6{61};        // middle under 六三
inline constexpr ClassId kG6Junior{62};  // junior under 五四
inline constexpr ClassId kG9{91};        // junior
inline constexpr ClassId kG12{121};      // senior
inline constexpr GroupId kGroupA{1};     // the pupils with odd ids of grade 4, and 2101
inline constexpr GroupId kGroupB{2};     // those with even ids of grade 4
inline constexpr TeacherId kTeacher{7};
inline constexpr SubjectId kMaths{3};

inline District small_district() {
  District district;
  district.schools = {{kSchool, kSixThree}, {kFiveFourSchool, kFiveFour}};
  district.classes = {{kG2, kSchool, 2}, {kG4, kSchool, 4},
                      {kG6, kSchool, 6}, {kG6Junior, kFiveFourSchool, 6},
                      {kG9, kSchool, 9}, {kG12, kSchool, 12}};
  district.groups = {kGroupA, kGroupB};
  for (const auto& [klass, count] :
       {std::pair{kG2, 3}, {kG4, 8}, {kG6, 8}, {kG6Junior, 8}, {kG9, 8}, {kG12, 8}}) {
    for (int i = 1; i <= count; ++i) {
      District::Pupil pupil{PupilId{klass.value * 100 + i}, klass};
      if (klass == kG4) pupil.groups = {i % 2 == 1 ? kGroupA : kGroupB};
      district.pupils.push_back(pupil);
    }
  }
  district.pupils.front().groups = {kGroupA};
  return district;
}

inline People small_people() {
  auto people = People::create(small_district());
  REQUIRE(people);
  return *people;
}

/// A live lesson on Monday.
inline Slot lesson(std::int64_t id, ClassId klass, Minutes start, Minutes length) {
  Slot slot{.id = {id}, .start = start, .length = length};
  slot.classes = {klass};
  return slot;
}

inline Slot with_kind(Slot slot, Kind kind) {
  slot.kind = kind;
  return slot;
}

inline Slot with_card(Slot slot) {
  slot.card = {.goal = "会比较分数大小",
               .advice = "准备纸和笔",
               .evaluation = Evaluation::quick_check,
               .evaluation_text = {}};
  return slot;
}

inline std::vector<const Finding*> of(const Findings& findings, Code code) {
  std::vector<const Finding*> out;
  for (const Finding& finding : findings)
    if (finding.code == code) out.push_back(&finding);
  return out;
}

inline bool has(const Findings& findings, Code code) { return !of(findings, code).empty(); }

inline std::vector<std::int64_t> rows(const Finding& finding) {
  std::vector<std::int64_t> out;
  for (const SlotId id : finding.rows) out.push_back(id.value);
  return out;
}

using Rows = std::vector<std::int64_t>;

}  // namespace tongke::test
