#include "school/rooms.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "school/exchange/names.hpp"

namespace tongke::school {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using namespace people;

constexpr std::array<std::string_view, 4> kModes = {"open", "class", "layered", "joint"};

bool is_active(const Directory& people, PupilId id) {
  const Pupil* pupil = people.find(id);
  return pupil && pupil->standing == Standing::active;
}

bool seats(const Directory& people, const Seating& seating, const Pupil& pupil) {
  if (seating.original_class) return seating.original_class == pupil.original_class;
  const auto groups = people.groups_of(pupil.id);
  return std::find(groups.begin(), groups.end(), seating.group) != groups.end();
}

Result<void> check_seating(const Directory& people, const Seating& seating) {
  if (static_cast<bool>(seating.original_class) == static_cast<bool>(seating.group)) {
    return Error{Errc::invalid, "a room is for one class or one layer group", "rooms"};
  }
  if (seating.original_class ? !people.find(seating.original_class) : !people.find(seating.group)) {
    return Error{Errc::not_found, "no such class or group", "rooms"};
  }
  return {};
}

Result<void> check_mode(LessonMode mode, const std::vector<Seating>& rooms) {
  const auto is_group = [](const Seating& seating) { return static_cast<bool>(seating.group); };
  switch (mode) {
    case LessonMode::open:
      if (rooms.empty()) return {};
      return Error{Errc::invalid, "an open lesson has no rooms", "mode"};
    case LessonMode::class_lesson:
      if (rooms.size() == 1 && !is_group(rooms.front())) return {};
      return Error{Errc::invalid, "a class lesson has one room, of one class", "mode"};
    case LessonMode::layered:
      if (!rooms.empty() && rooms.size() <= kMaxRooms && std::ranges::all_of(rooms, is_group)) return {};
      return Error{Errc::invalid, "a layered lesson has rooms of layer groups only", "mode"};
    case LessonMode::joint:
      if (rooms.size() >= 2 && rooms.size() <= kMaxRooms) return {};
      return Error{Errc::invalid, "a joint lesson has 2 to 60 rooms", "mode"};
  }
  return Error{Errc::invalid, "no such mode", "mode"};
}

}  // namespace

std::string label_of(const Directory& people, const Seating& seating) {
  if (const Class* const row = people.find(seating.original_class))
    return exchange::class_label({row->grade, row->number});
  const LayerGroup* const group = people.find(seating.group);
  return group ? group->name : std::string();
}

std::string_view to_string(LessonMode mode) noexcept { return kModes.at(static_cast<std::size_t>(mode)); }

std::optional<LessonMode> lesson_mode_from(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kModes, name);
  if (found == kModes.end()) return std::nullopt;
  return static_cast<LessonMode>(found - kModes.begin());
}

std::vector<PupilId> expected_in(const Directory& people, const Seating& seating) {
  std::vector<PupilId> expected;
  if (seating.original_class) {
    const auto all = people.pupils_of(seating.original_class);
    expected.assign(all.begin(), all.end());
  } else if (const LayerGroup* group = people.find(seating.group)) {
    expected = group->members;
  }
  std::erase_if(expected, [&](PupilId id) { return !is_active(people, id); });
  std::ranges::sort(expected);
  return expected;
}

const Room* room_of(const Directory& people, const Arrangement& lesson, PupilId id) {
  const Pupil* pupil = people.find(id);
  if (!pupil || pupil->standing != Standing::active) return nullptr;
  const auto room = std::ranges::find_if(
      lesson.rooms, [&](const Room& candidate) { return seats(people, candidate.seating, *pupil); });
  return room == lesson.rooms.end() ? nullptr : &*room;
}

bool teaches(const people::Directory& people, const people::Staff& staff, const Room& room) {
  if (room.teacher == staff.id) return true;
  const auto* in = people.find(room.seating.original_class);
  if (!in) return false;
  if (in->homeroom == staff.id) return true;
  return !room.teacher &&
         std::ranges::find(staff.teaching, in->id, &people::Teaching::original_class) != staff.teaching.end();
}

std::vector<ClassList> by_original_class(const Directory& people, const Arrangement& lesson) {
  std::unordered_map<PupilId, RoomId> placed;
  std::set<ClassId> classes;
  for (const Room& room : lesson.rooms) {
    for (const PupilId pupil : expected_in(people, room.seating)) {
      placed.emplace(pupil, room.id);
      classes.insert(people.find(pupil)->original_class);
    }
  }
  std::vector<ClassList> lists;
  lists.reserve(classes.size());
  for (const ClassId id : classes) {
    ClassList list{id, {}};
    for (const PupilId pupil : expected_in(people, {.original_class = id, .group = {}})) {
      const auto place = placed.find(pupil);
      list.places.push_back({pupil, place == placed.end() ? RoomId() : place->second});
    }
    lists.push_back(std::move(list));
  }
  return lists;
}

Result<void> check_rooms(const Directory& people, LessonMode mode, const std::vector<Seating>& rooms) {
  if (auto ok = check_mode(mode, rooms); !ok) return ok;
  std::set<PupilId> seated;
  std::set<Seating> known;
  for (const Seating& seating : rooms) {
    if (auto ok = check_seating(people, seating); !ok) return ok;
    if (!known.insert(seating).second)
      return Error{Errc::conflict, "two rooms for one class or group", "rooms"};
    for (const PupilId pupil : expected_in(people, seating)) {
      if (seated.insert(pupil).second) continue;
      return Error{Errc::conflict, "a pupil would be in two rooms of the lesson", "rooms"};
    }
  }
  return {};
}

}  // namespace tongke::school
