#include "school/schedule/day.hpp"

#include <algorithm>

#include "school/exchange/names.hpp"
#include "school/schedule/bridge.hpp"
#include "school/timetable/labels.hpp"

namespace tongke::school::schedule {
namespace {

namespace tt = timetable;

constexpr std::size_t kMaxTitleBytes = 200;

bool needs_lesson(const tt::Slot& slot) {
  if (slot.delivery != tt::Delivery::live) return false;
  return slot.kind != tt::Kind::rest && slot.kind != tt::Kind::eye && slot.kind != tt::Kind::exercise;
}

people::StaffId subject_teacher(const people::Directory& people, people::ClassId in_class,
                                std::optional<tt::SubjectId> subject) {
  if (!subject) {
    const people::Class* one = people.find(in_class);
    return one ? one->homeroom : people::StaffId();
  }
  for (const people::StaffId id : people.teachers_of(in_class)) {
    const people::Staff* staff = people.find(id);
    if (!staff || staff->standing != people::Standing::active) continue;
    if (std::ranges::find(staff->teaching, people::Teaching{in_class, to_people(*subject)}) !=
        staff->teaching.end())
      return id;
  }
  return {};
}

std::string title_of(const people::Directory& people, const tt::Slot& slot) {
  const auto* subject = slot.subject ? people.find(to_people(*slot.subject)) : nullptr;
  const std::string what =
      subject ? subject->name : tt::label("kind." + std::string(to_string(slot.kind)), tt::Language::zh);
  std::string who;
  people::SchoolId school;
  const auto add = [&](people::SchoolId of, const std::string& name) {
    school = of;
    if (who.size() < kMaxTitleBytes / 3) who += (who.empty() ? "" : "、") + name;
  };
  for (const tt::ClassId id : slot.classes)
    if (const auto* one = people.find(to_people(id)))
      add(one->school, exchange::class_label({one->grade, one->number}));
  for (const tt::GroupId id : slot.groups)
    if (const auto* one = people.find(to_people(id))) add(one->school, one->name);
  const auto* at = people.find(school);
  std::string title = (at ? at->name + " " : std::string()) + who + (who.empty() ? "" : " ") + what;
  return title.size() <= kMaxTitleBytes ? title : what;
}

PlannedLesson planned(const people::Directory& people, const tt::Slot& slot, tt::Date day, tt::Zone zone) {
  PlannedLesson one;
  one.title = title_of(people, slot);
  one.plan.kind = slot.kind;
  one.plan.invited = slot.invited;
  one.plan.row = slot.id;
  one.plan.starts = zone.wall(day, slot.start);
  one.plan.ends = zone.wall(day, slot.end());
  one.plan.card = slot.card;
  if (slot.lead) one.lead = to_people(*slot.lead);
  for (const tt::ClassId id : slot.classes) {
    const people::ClassId in_class = to_people(id);
    one.rooms.push_back({.seating = {.original_class = in_class, .group = {}},
                         .teacher = subject_teacher(people, in_class, slot.subject)});
  }
  for (const tt::GroupId id : slot.groups)
    one.rooms.push_back({.seating = {.original_class = {}, .group = to_people(id)}, .teacher = {}});
  const std::size_t rooms = one.rooms.size();
  if (rooms == 0) return one;
  const bool layered = slot.classes.empty();
  one.mode = layered ? LessonMode::layered : rooms == 1 ? LessonMode::class_lesson : LessonMode::joint;
  const Seating& first = one.rooms.front().seating;
  one.plan.first_room = first.original_class ? first.original_class.value : first.group.value;
  if (!one.lead && rooms == 1) one.lead = one.rooms.front().teacher;
  return one;
}

}  // namespace

std::vector<PlannedLesson> lessons_of_day(const people::Directory& people, std::span<const tt::Slot> slots,
                                          tt::Date day, tt::Zone zone) {
  std::vector<PlannedLesson> out;
  for (const tt::Slot& slot : slots)
    if (slot.day == tt::Weekday(day) && needs_lesson(slot)) out.push_back(planned(people, slot, day, zone));
  std::ranges::stable_sort(out, {}, [](const PlannedLesson& one) { return one.plan.starts; });
  return out;
}

}  // namespace tongke::school::schedule
