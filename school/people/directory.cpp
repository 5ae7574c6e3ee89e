#include "school/people/directory.hpp"

namespace tongke::school::people {
namespace {

// Keys of by_name_: a letter for the kind, the parent's row number, the name.
std::string key(char kind, std::uint32_t parent, std::string_view name) {
  std::string text(1, kind);
  text += std::to_string(parent);
  text += '/';
  text += name;
  return text;
}
std::string school_key(std::string_view name) { return key('s', 0, name); }
std::string subject_key(std::string_view name) { return key('j', 0, name); }
std::string home_key(std::string_view code) { return key('h', 0, code); }
std::string pupil_key(SchoolId school, std::string_view number) { return key('p', school.value, number); }
std::string class_key(SchoolId school, Grade grade, std::uint16_t number) {
  return key('c', school.value, std::to_string(grade) + "/" + std::to_string(number));
}
std::string staff_key(SchoolId school, std::string_view number) { return key('t', school.value, number); }
std::string staff_key(const Staff& row) {
  return staff_key(row.school, row.number.empty() ? row.name : row.number);
}
std::string group_key(SchoolId school, Grade grade, SubjectId subject, std::string_view name) {
  std::string text = key('g', school.value, std::to_string(grade) + "/" + std::to_string(subject.value));
  text += '/';
  text += name;
  return text;
}

template <class Map, class Rows>
const auto* look_up(const Map& map, const typename Map::key_type& name, const Rows& rows) {
  using Id = typename Rows::Id;
  const auto found = map.find(name);
  return rows.find(Id{found == map.end() ? 0 : found->second});
}

// A public id names one row of one kind; asking for another kind finds nothing.
template <class Map, class Rows>
const auto* look_up_public(const Map& map, const PublicId& id, const Rows& rows) {
  const auto* row = look_up(map, id, rows);
  return row && row->public_id == id ? row : nullptr;
}

// Two rows may trade names within one Changes: a name is dropped only by who still has it.
template <class Map>
void forget(Map& map, const typename Map::key_type& name, std::uint32_t row) {
  const auto found = map.find(name);
  if (found != map.end() && found->second == row) map.erase(found);
}

}  // namespace

const School* Directory::school(PublicId id) const { return look_up_public(by_public_id_, id, schools_); }
const Class* Directory::original_class(PublicId id) const {
  return look_up_public(by_public_id_, id, classes_);
}
const Home* Directory::home(PublicId id) const { return look_up_public(by_public_id_, id, homes_); }
const Pupil* Directory::pupil(PublicId id) const { return look_up_public(by_public_id_, id, pupils_); }
const Staff* Directory::staff(PublicId id) const { return look_up_public(by_public_id_, id, staff_); }
const LayerGroup* Directory::group(PublicId id) const { return look_up_public(by_public_id_, id, groups_); }

const School* Directory::school_named(std::string_view name) const {
  return look_up(by_name_, school_key(name), schools_);
}
const Subject* Directory::subject_named(std::string_view name) const {
  return look_up(by_name_, subject_key(name), subjects_);
}
const Class* Directory::class_numbered(SchoolId school, Grade grade, std::uint16_t number) const {
  return look_up(by_name_, class_key(school, grade, number), classes_);
}
const Pupil* Directory::pupil_numbered(SchoolId school, std::string_view number) const {
  return look_up(by_name_, pupil_key(school, number), pupils_);
}
const Staff* Directory::staff_numbered(SchoolId school, std::string_view number_or_name) const {
  return look_up(by_name_, staff_key(school, number_or_name), staff_);
}
const Home* Directory::home_coded(std::string_view code) const {
  return code.empty() ? nullptr : look_up(by_name_, home_key(code), homes_);
}
const LayerGroup* Directory::group_named(SchoolId school, Grade grade, SubjectId subject,
                                         std::string_view name) const {
  return look_up(by_name_, group_key(school, grade, subject, name), groups_);
}

Stage Directory::stage_of(const Class& original_class) const {
  const School* school = find(original_class.school);
  return (school ? school->stages : kSixThree).stage_of(original_class.grade);
}

void Directory::apply(const Changes& changes) {
  if (changes.district) district_ = *changes.district;
  for (const auto& row : changes.schools) put(row);
  for (const auto& row : changes.subjects) put(row);
  for (const auto& row : changes.classes) put(row);
  for (const auto& row : changes.homes) put(row);
  for (const auto& row : changes.pupils) put(row);
  for (const auto& row : changes.staff) put(row);
  for (const auto& row : changes.groups) put(row);
  for (const PupilId id : changes.erased_pupils) erase(id);
}

void Directory::put(const School& row) {
  if (const School* old = schools_.find(row.id)) forget(by_name_, school_key(old->name), row.id.value);
  by_name_[school_key(row.name)] = row.id.value;
  by_public_id_[row.public_id] = row.id.value;
  schools_.put(row);
}

void Directory::put(const Subject& row) {
  if (const Subject* old = subjects_.find(row.id)) forget(by_name_, subject_key(old->name), row.id.value);
  by_name_[subject_key(row.name)] = row.id.value;
  subjects_.put(row);
}

void Directory::put(const Class& row) {
  if (const Class* old = classes_.find(row.id)) {
    forget(by_name_, class_key(old->school, old->grade, old->number), row.id.value);
    school_classes_.remove(old->school, row.id);
    staff_homerooms_.remove(old->homeroom, row.id);
  }
  by_name_[class_key(row.school, row.grade, row.number)] = row.id.value;
  by_public_id_[row.public_id] = row.id.value;
  school_classes_.add(row.school, row.id);
  staff_homerooms_.add(row.homeroom, row.id);
  classes_.put(row);
}

void Directory::put(const Home& row) {
  if (const Home* old = homes_.find(row.id)) {
    if (!old->code.empty()) forget(by_name_, home_key(old->code), row.id.value);
    by_public_id_.erase(old->public_id);  // a family link may have been given a new name
  }
  if (!row.code.empty()) by_name_[home_key(row.code)] = row.id.value;
  by_public_id_[row.public_id] = row.id.value;
  homes_.put(row);
}

void Directory::put(const Pupil& row) {
  if (const Pupil* old = pupils_.find(row.id)) {
    forget(by_name_, pupil_key(old->school, old->number), row.id.value);
    by_public_id_.erase(old->public_id);
    class_pupils_.remove(old->original_class, row.id);
    home_pupils_.remove(old->home, row.id);
  }
  by_name_[pupil_key(row.school, row.number)] = row.id.value;
  by_public_id_[row.public_id] = row.id.value;
  class_pupils_.add(row.original_class, row.id);
  home_pupils_.add(row.home, row.id);
  pupils_.put(row);
}

void Directory::put(const Staff& row) {
  if (const Staff* old = staff_.find(row.id)) {
    forget(by_name_, staff_key(*old), row.id.value);
    by_public_id_.erase(old->public_id);
    school_staff_.remove(old->school, row.id);
    for (const Teaching& teaching : old->teaching) class_teachers_.remove(teaching.original_class, row.id);
  }
  by_name_[staff_key(row)] = row.id.value;
  by_public_id_[row.public_id] = row.id.value;
  school_staff_.add(row.school, row.id);
  for (const Teaching& teaching : row.teaching) class_teachers_.add(teaching.original_class, row.id);
  staff_.put(row);
}

void Directory::put(const LayerGroup& row) {
  if (const LayerGroup* old = groups_.find(row.id)) {
    forget(by_name_, group_key(old->school, old->grade, old->subject, old->name), row.id.value);
    for (const PupilId member : old->members) pupil_groups_.remove(member, row.id);
  }
  by_name_[group_key(row.school, row.grade, row.subject, row.name)] = row.id.value;
  by_public_id_[row.public_id] = row.id.value;
  for (const PupilId member : row.members) pupil_groups_.add(member, row.id);
  groups_.put(row);
}

void Directory::erase(PupilId id) {
  const Pupil* old = pupils_.find(id);
  if (!old) {
    pupils_.erase(id);
    return;
  }
  forget(by_name_, pupil_key(old->school, old->number), id.value);
  by_public_id_.erase(old->public_id);
  class_pupils_.remove(old->original_class, id);
  home_pupils_.remove(old->home, id);
  const std::vector<GroupId> groups(pupil_groups_.of(id).begin(), pupil_groups_.of(id).end());
  for (const GroupId group : groups) {
    LayerGroup row = *groups_.find(group);
    std::erase(row.members, id);
    put(row);
  }
  if (const Home* home = homes_.find(old->home); home && home_pupils_.of(old->home).empty()) {
    put(Home{.id = home->id, .public_id = home->public_id, .code = {}, .phones = {}});
  }
  pupils_.erase(id);
}

}  // namespace tongke::school::people
