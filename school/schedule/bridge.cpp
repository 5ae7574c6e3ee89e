#include "school/schedule/bridge.hpp"

#include <algorithm>

#include "school/exchange/names.hpp"

namespace tongke::school::schedule {
namespace {

namespace tt = timetable;

template <class To, class From>
To same(From id) {
  return To{static_cast<std::int64_t>(id.value)};
}

// Children of one home, where there are at least two.
void add_families(const people::Directory& people, tt::District& district) {
  for (const people::Home& home : people.homes()) {
    if (!home.id) continue;
    tt::District::Family family;
    for (const people::PupilId child : people.children_of(home.id)) {
      const people::Pupil* pupil = people.find(child);
      if (!pupil || pupil->standing != people::Standing::active) continue;
      family.pupils.push_back(same<tt::PupilId>(child));
      if (pupil->condition == people::Condition::shared_device) family.shares_device = true;
    }
    if (family.pupils.size() > 1) district.families.push_back(std::move(family));
  }
}

}  // namespace

base::Result<tt::People> rules_people(const people::Directory& people) {
  tt::District district;
  for (const people::School& school : people.schools()) {
    if (!school.id) continue;
    const auto& last = school.stages.last;
    district.schools.push_back({same<tt::SchoolId>(school.id), tt::StageBounds{last[0], last[1], last[2]}});
  }
  for (const people::Class& one : people.classes())
    if (one.id)
      district.classes.push_back({same<tt::ClassId>(one.id), same<tt::SchoolId>(one.school), one.grade});
  for (const people::LayerGroup& group : people.groups())
    if (group.id) district.groups.push_back(same<tt::GroupId>(group.id));
  for (const people::Pupil& pupil : people.pupils()) {
    if (!pupil.id || pupil.standing != people::Standing::active) continue;
    tt::District::Pupil one{same<tt::PupilId>(pupil.id), same<tt::ClassId>(pupil.original_class), {}};
    for (const people::GroupId group : people.groups_of(pupil.id))
      one.groups.push_back(same<tt::GroupId>(group));
    district.pupils.push_back(std::move(one));
  }
  add_families(people, district);
  auto made = tt::People::create(district);
  if (!made) return base::Error{base::Errc::internal, "people for the rules: " + made.error().message};
  return made;
}

tt::Room air_room(const Seating& seating) {
  if (seating.group) return same<tt::GroupId>(seating.group);
  return same<tt::ClassId>(seating.original_class);
}

NameFinder::NameFinder(const people::Directory& people, const Timetable& timetable, people::SchoolId home)
    : people_(people), home_(home), places_(timetable.places) {}

const people::School* NameFinder::school_of(std::optional<tt::SchoolId> said) const {
  return said ? people_.find(to_people(*said)) : people_.find(home_);
}

std::optional<tt::ClassId> NameFinder::class_named(std::optional<tt::SchoolId> said,
                                                   std::string_view name) const {
  const people::School* school = school_of(said);
  if (!school) return std::nullopt;
  const auto parsed = exchange::parse_class(name, school->stages, {});
  const people::Class* found =
      parsed ? people_.class_numbered(school->id, parsed->grade, parsed->number) : nullptr;
  return found ? std::optional(same<tt::ClassId>(found->id)) : std::nullopt;
}

// By its own name where a school has it once ("A层"), else with grade and subject before it
// ("三年级数学A层", "3数学A层").
std::optional<tt::GroupId> NameFinder::group(std::optional<tt::SchoolId> said, std::string_view name) const {
  const people::School* school = school_of(said);
  if (!school) return std::nullopt;
  const std::string wanted = exchange::plain(name);
  std::optional<tt::GroupId> found;
  for (const people::LayerGroup& group : people_.groups()) {
    if (!group.id || group.school != school->id) continue;
    const people::Subject* subject = people_.find(group.subject);
    const std::string own = exchange::plain(group.name);
    const std::string full = (subject ? exchange::plain(subject->name) : std::string()) + own;
    bool fits = wanted == own || wanted == full;
    if (!fits && wanted.ends_with(full)) {
      fits =
          exchange::parse_grade(wanted.substr(0, wanted.size() - full.size()), school->stages) == group.grade;
    }
    if (!fits) continue;
    if (found) return std::nullopt;
    found = same<tt::GroupId>(group.id);
  }
  return found;
}

std::optional<tt::TeacherId> NameFinder::teacher(std::optional<tt::SchoolId> said,
                                                 std::string_view name) const {
  const people::School* school = school_of(said);
  if (school) {
    if (const auto* by_number = people_.staff_numbered(school->id, name);
        by_number && by_number->standing == people::Standing::active)
      return same<tt::TeacherId>(by_number->id);
  }
  std::optional<tt::TeacherId> found;
  const auto look = [&](const people::Staff& one) {
    if (!one.id || one.standing != people::Standing::active || one.name != name) return true;
    if (found) return false;
    found = same<tt::TeacherId>(one.id);
    return true;
  };
  if (school) {
    for (const people::StaffId id : people_.staff_of(school->id))
      if (const auto* one = people_.find(id); one && !look(*one)) return std::nullopt;
    return found;
  }
  for (const people::Staff& one : people_.staff())
    if (!look(one)) return std::nullopt;
  return found;
}

std::optional<tt::PlaceId> NameFinder::place(std::optional<tt::SchoolId> said, std::string_view name) {
  const people::School* school = school_of(said);
  const people::SchoolId owner = school ? school->id : people::SchoolId();
  for (const Place& place : places_)
    if (place.school == owner && place.name == name) return place.id;
  std::int64_t next = 1;
  for (const Place& place : places_) next = std::max(next, place.id.value + 1);
  new_places_.push_back({.id = {next}, .school = owner, .name = std::string(name)});
  places_.push_back(new_places_.back());
  return new_places_.back().id;
}

tt::Directory NameFinder::directory() {
  return {
      .school = [this](std::string_view name) -> std::optional<tt::SchoolId> {
        const people::School* found = people_.school_named(name);
        return found ? std::optional(same<tt::SchoolId>(found->id)) : std::nullopt;
      },
      .class_named = [this](auto school, std::string_view name) { return class_named(school, name); },
      .group = [this](auto school, std::string_view name) { return group(school, name); },
      .subject = [this](std::string_view name) -> std::optional<tt::SubjectId> {
        const people::Subject* found = people_.subject_named(name);
        return found ? std::optional(same<tt::SubjectId>(found->id)) : std::nullopt;
      },
      .teacher = [this](auto school, std::string_view name) { return teacher(school, name); },
      .place = [this](auto school, std::string_view name) { return place(school, name); },
  };
}

tt::Names names_of(const people::Directory& people) {
  return {.subject =
              [&people](tt::SubjectId id) {
                const auto* found = people.find(to_people(id));
                return found ? found->name : std::string();
              },
          .teacher =
              [&people](tt::TeacherId id) {
                const auto* found = people.find(to_people(id));
                return found ? found->name : std::string();
              }};
}

std::string class_name(const people::Directory& people, tt::ClassId id) {
  const people::Class* found = people.find(to_people(id));
  return found ? exchange::class_label({found->grade, found->number}) : std::string();
}

people::SchoolId owner_of(const people::Directory& people, const tt::Scope& scope) {
  if (scope.class_id) {
    const people::Class* found = people.find(to_people(*scope.class_id));
    return found ? found->school : people::SchoolId();
  }
  return scope.school ? to_people(*scope.school) : people::SchoolId();
}

tt::Programme programme_of(const people::Directory& people, const std::vector<tt::Slot>& week_slots,
                           tt::Week week, people::ClassId id, bool drafts) {
  const people::Class* found = people.find(id);
  tt::Programme programme;
  if (!found) return programme;
  const people::School* school = people.find(found->school);
  programme.id = found->public_id.str();
  programme.title =
      (school ? school->name + " " : std::string()) + exchange::class_label({found->grade, found->number});
  // Lessons of layer groups belong to the class's timetable as soon as one of its pupils is in them.
  std::vector<tt::GroupId> groups;
  for (const people::PupilId pupil : people.pupils_of(id))
    for (const people::GroupId group : people.groups_of(pupil)) groups.push_back(same<tt::GroupId>(group));
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  programme.entries =
      entries_for({.class_id = same<tt::ClassId>(id), .groups = std::move(groups), .drafts = drafts}, week,
                  week_slots, names_of(people));
  return programme;
}

std::vector<tt::Entry> screen_entries(const people::Directory& people,
                                      const std::vector<tt::Slot>& week_slots, tt::Week week,
                                      std::span<const people::ClassId> classes) {
  std::vector<tt::Slot> for_all;
  std::ranges::copy_if(week_slots, std::back_inserter(for_all), [](const tt::Slot& slot) {
    return slot.invited == 0 && slot.kind != tt::Kind::parent;
  });
  const tt::Names names = names_of(people);
  std::vector<std::vector<tt::Entry>> of_classes;
  for (const people::ClassId id : classes)
    of_classes.push_back(entries_for({.class_id = same<tt::ClassId>(id)}, week, for_all, names));
  return one_at_a_time(of_classes);
}

std::vector<tt::Entry> entries_of(const people::Directory& people, const std::vector<tt::Slot>& week_slots,
                                  tt::Week week, people::PupilId id) {
  const people::Pupil* pupil = people.find(id);
  if (!pupil) return {};
  tt::Audience audience{.class_id = same<tt::ClassId>(pupil->original_class)};
  for (const people::GroupId group : people.groups_of(id))
    audience.groups.push_back(same<tt::GroupId>(group));
  return entries_for(audience, week, week_slots, names_of(people));
}

}  // namespace tongke::school::schedule
