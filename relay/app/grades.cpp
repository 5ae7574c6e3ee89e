#include "relay/app/grades.hpp"

#include <algorithm>

namespace tongke::relay::app {

bool has_grade(const school::people::Directory& people, const school::Arrangement& lesson,
               const std::set<school::people::Grade>& grades) {
  return std::ranges::any_of(lesson.rooms, [&](const school::Room& room) {
    const auto* in_class = people.find(room.seating.original_class);
    const auto* group = people.find(room.seating.group);
    return (in_class && grades.contains(in_class->grade)) || (group && grades.contains(group->grade));
  });
}

}  // namespace tongke::relay::app
