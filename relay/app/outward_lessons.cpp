#include "relay/app/outward_lessons.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "relay/app/text.hpp"
#include "school/exchange/names.hpp"

namespace tongke::relay::app {
namespace {

namespace people = school::people;
using outward::LessonInfo;
using outward::RoomLabel;

// A single Chinese character (3 bytes) is in half of all titles.
constexpr std::size_t kShortestName = 4;

people::SchoolId school_of(const people::Directory& district, const school::Seating& seating) {
  if (const auto* in_class = district.find(seating.original_class)) return in_class->school;
  const auto* group = district.find(seating.group);
  return group ? group->school : people::SchoolId();
}

RoomLabel room_label(const people::Directory& district, const school::Seating& seating) {
  const auto* at = district.find(school_of(district, seating));
  return {.school = at ? at->name : "", .label = school::label_of(district, seating)};
}

bool names_anybody(std::string_view text, const people::Directory& district,
                   const std::set<people::SchoolId>& schools) {
  const auto stands = [&](const auto& somebody) {
    return somebody.name.size() >= kShortestName && text.find(somebody.name) != std::string_view::npos;
  };
  const auto pupil_stands = [&](people::PupilId id) { return stands(*district.find(id)); };
  const auto class_stands = [&](people::ClassId id) {
    return std::ranges::any_of(district.pupils_of(id), pupil_stands);
  };
  const auto staff_stands = [&](people::StaffId id) { return stands(*district.find(id)); };
  if (schools.empty() && std::ranges::any_of(district.pupils(), stands)) return true;
  for (const people::SchoolId school : schools) {
    if (std::ranges::any_of(district.classes_of(school), class_stands) ||
        std::ranges::any_of(district.staff_of(school), staff_stands))
      return true;
  }
  // The district's own people, and everybody where no school is named.
  return std::ranges::any_of(district.staff(), [&](const people::Staff& somebody) {
    return (schools.empty() || !somebody.school) && stands(somebody);
  });
}

/// The title without its schools and classes: schools are called after people, too.
std::string without_labels(const LessonInfo& lesson) {
  std::string title = lesson.title;
  for (const RoomLabel& room : lesson.rooms) {
    for (const std::string& part : {room.school, room.label}) {
      const std::size_t at = part.empty() ? std::string::npos : title.find(part);
      if (at != std::string::npos) title.replace(at, part.size(), " ");
    }
  }
  return title;
}

std::string some_lesson(const LessonInfo& lesson) {
  if (lesson.rooms.empty()) return text_zh("outward.a_lesson");
  const RoomLabel& first = lesson.rooms.front();
  return first.school + " " + first.label + " " + text_zh("outward.a_lesson");
}

}  // namespace

LessonInfo outward_lesson(const school::Lesson& lesson, outward::State state,
                          const school::Arrangement& arrangement, const school::schedule::LessonPlan* plan,
                          bool drill, const people::Directory& people) {
  LessonInfo info{.id = lesson.id, .title = lesson.title, .state = state, .drill = drill};
  info.started = lesson.started;
  info.ended = lesson.ended;
  if (plan && plan->starts != base::WallTime()) {
    info.planned_start = plan->starts;
    info.planned_end = plan->ends;
  }
  for (const auto& room : arrangement.rooms) info.rooms.push_back(room_label(people, room.seating));
  return info;
}

LessonInfo without_names(LessonInfo lesson, const school::Arrangement& arrangement,
                         const people::Directory& people) {
  std::set<people::SchoolId> schools;
  bool groups = false;
  for (const auto& room : arrangement.rooms) {
    if (const auto school = school_of(people, room.seating)) schools.insert(school);
    groups = groups || room.seating.group;
  }
  if (groups) {
    for (RoomLabel& room : lesson.rooms)
      if (names_anybody(room.label, people, schools)) room.label = text_zh("outward.a_group");
  }
  if (names_anybody(without_labels(lesson), people, schools)) lesson.title = some_lesson(lesson);
  return lesson;
}

}  // namespace tongke::relay::app
