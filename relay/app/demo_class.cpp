#include "relay/app/demo_class.hpp"

#include <algorithm>

#include "relay/app/text.hpp"
#include "school/demo/seed.hpp"
#include "school/rooms.hpp"

namespace tongke::relay::app {
namespace {

namespace people = school::people;

// As the demo lesson's title says.
constexpr people::Grade kGrade = 3;
constexpr std::uint16_t kClassesPerSchool = 2;
constexpr std::size_t kMostRooms = 4;

people::StaffId teacher_of(const people::Directory& district, people::ClassId original_class) {
  const people::Subject* const subject = district.subject_named(text_zh("demo.subject"));
  for (const people::StaffId id : district.teachers_of(original_class)) {
    const auto& teaching = district.find(id)->teaching;
    if (subject && std::ranges::binary_search(teaching, people::Teaching{original_class, subject->id}))
      return id;
  }
  return {};
}

}  // namespace

std::optional<DemoClass> demo_class(const people::Directory& district) {
  if (district.district() != school::demo::demo_district_name()) return std::nullopt;
  DemoClass demo;
  for (const people::School& row : district.schools()) {
    for (std::uint16_t number = 1; number <= kClassesPerSchool && demo.rooms.size() < kMostRooms; ++number) {
      const people::Class* const found = row.id ? district.class_numbered(row.id, kGrade, number) : nullptr;
      if (found)
        demo.rooms.push_back(
            {.seating = {.original_class = found->id}, .teacher = teacher_of(district, found->id)});
    }
  }
  if (demo.rooms.size() < 2) return std::nullopt;
  const auto seats = school::expected_in(district, demo.rooms.front().seating);
  if (seats.empty()) return std::nullopt;
  demo.pupil = seats.front();
  demo.teacher = demo.rooms.front().teacher;
  demo.lead = demo.rooms.back().teacher;
  return demo.teacher && demo.lead ? std::optional(std::move(demo)) : std::nullopt;
}

}  // namespace tongke::relay::app
