#include "school/arrangements.hpp"

#include <algorithm>

#include "school/store/arrangement_table.hpp"

namespace tongke::school {
namespace {

using base::Errc;
using base::Error;
using base::Result;

// A lesson's teachers are on the staff and still there.
Result<void> check_staff(const people::Directory& people, people::StaffId id, const char* field) {
  const people::Staff* staff = people.find(id);
  if (staff && staff->standing == people::Standing::active) return {};
  return Error{Errc::not_found, "no such teacher", field};
}

}  // namespace

Result<Arrangements> Arrangements::open(store::Store& store) {
  auto rows = store::load_arrangements(store);
  if (!rows) return std::move(rows).error();
  Arrangements all(store);
  for (auto& row : *rows) {
    for (const Room& room : row.rooms) all.next_room_ = std::max(all.next_room_, room.id.value + 1);
    all.index(row);
    all.lessons_.emplace(row.lesson, std::move(row));
  }
  return all;
}

Result<Arrangement> Arrangements::arrange(const people::Directory& people, const Lesson& lesson,
                                          LessonMode mode, const std::vector<RoomPlan>& rooms,
                                          people::StaffId lead) {
  std::vector<Seating> seatings;
  for (const RoomPlan& plan : rooms) {
    seatings.push_back(plan.seating);
    if (!plan.teacher) continue;
    if (auto ok = check_staff(people, plan.teacher, "teacher"); !ok) return std::move(ok).error();
  }
  if (auto ok = check_rooms(people, mode, seatings); !ok) return std::move(ok).error();
  if (lead) {
    if (auto ok = check_staff(people, lead, "lead"); !ok) return std::move(ok).error();
  }
  Arrangement changed{.lesson = lesson.id, .mode = mode, .rooms = {}, .leads = {}};
  const auto& old = of(lesson.id).rooms;
  std::uint32_t next = next_room_;
  for (const RoomPlan& plan : rooms) {
    const auto same = std::ranges::find(old, plan.seating, &Room::seating);
    Room room = same == old.end() ? Room{.id = {next++},
                                         .public_id = people::PublicId::make(),
                                         .lesson = changed.lesson,
                                         .seating = plan.seating,
                                         .teacher = {}}
                                  : *same;
    room.teacher = plan.teacher;
    changed.rooms.push_back(std::move(room));
  }
  if (lead) changed.leads.push_back({lead, base::wall_now()});
  auto saved = save(std::move(changed));
  if (saved) next_room_ = next;
  return saved;
}

Result<Arrangement> Arrangements::hand_over(const people::Directory& people, const Lesson& lesson,
                                            people::StaffId to, base::WallTime at) {
  if (auto ok = check_staff(people, to, "lead"); !ok) return std::move(ok).error();
  Arrangement changed = of(lesson.id);
  if (changed.lead() == to) return changed;
  if (!changed.leads.empty() && at < changed.leads.back().from) {
    return Error{Errc::invalid, "before the present lead began", "at"};
  }
  changed.lesson = lesson.id;
  changed.leads.push_back({to, at});
  return save(std::move(changed));
}

Result<Room> Arrangements::assign_teacher(const people::Directory& people, people::PublicId room,
                                          people::StaffId teacher) {
  const auto lesson = room_lesson_.find(room);
  if (lesson == room_lesson_.end()) return Error{Errc::not_found, "no such room", "room"};
  if (teacher) {
    if (auto ok = check_staff(people, teacher, "teacher"); !ok) return std::move(ok).error();
  }
  Arrangement changed = lessons_.find(lesson->second)->second;
  const auto place = std::ranges::find(changed.rooms, room, &Room::public_id);
  place->teacher = teacher;
  const Room result = *place;
  if (auto saved = save(std::move(changed)); !saved) return std::move(saved).error();
  return result;
}

void Arrangements::forget(std::string_view lesson) {
  const auto known = lessons_.find(lesson);
  if (known == lessons_.end()) return;
  for (const Room& room : known->second.rooms) {
    room_lesson_.erase(room.public_id);
    std::erase(seated_[room.seating], known->first);
  }
  lessons_.erase(known);
}

const Arrangement& Arrangements::of(std::string_view lesson) const {
  static const Arrangement open;
  const auto known = lessons_.find(lesson);
  return known == lessons_.end() ? open : known->second;
}

const Room* Arrangements::find_room(people::PublicId id) const {
  const auto lesson = room_lesson_.find(id);
  if (lesson == room_lesson_.end()) return nullptr;
  const auto& rooms = lessons_.find(lesson->second)->second.rooms;
  const auto room = std::ranges::find(rooms, id, &Room::public_id);
  return room == rooms.end() ? nullptr : &*room;
}

std::span<const std::string> Arrangements::lessons_of(const Seating& seating) const {
  const auto known = seated_.find(seating);
  if (known == seated_.end()) return {};
  return known->second;
}

std::vector<std::string> Arrangements::lessons_of(const people::Directory& people,
                                                  const people::Pupil& pupil) const {
  const auto of_class = lessons_of(Seating{.original_class = pupil.original_class, .group = {}});
  std::vector<std::string> ids(of_class.begin(), of_class.end());
  for (const people::GroupId group : people.groups_of(pupil.id)) {
    const auto of_group = lessons_of(Seating{.original_class = {}, .group = group});
    ids.insert(ids.end(), of_group.begin(), of_group.end());
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void Arrangements::index(const Arrangement& lesson) {
  for (const Room& room : lesson.rooms) {
    room_lesson_[room.public_id] = lesson.lesson;
    seated_[room.seating].push_back(lesson.lesson);
  }
}

void Arrangements::watch(std::function<void(const Arrangement&)> changed) {
  changed_ = std::move(changed);
  for (const auto& [id, lesson] : lessons_) changed_(lesson);
}

Result<Arrangement> Arrangements::save(Arrangement changed) {
  if (auto ok = store::save_arrangement(*store_, changed); !ok) return std::move(ok).error();
  for (const Room& room : of(changed.lesson).rooms) {
    room_lesson_.erase(room.public_id);
    std::erase(seated_[room.seating], changed.lesson);
  }
  index(changed);
  lessons_.insert_or_assign(changed.lesson, changed);
  if (changed_) changed_(changed);
  return changed;
}

}  // namespace tongke::school
