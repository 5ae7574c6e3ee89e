#include "school/timetable/people.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace tongke::school::timetable {
namespace {

base::Error wrong(const char* what, std::int64_t id) {
  return {base::Errc::invalid, std::string(what) + " " + std::to_string(id)};
}

}  // namespace

base::Result<People> People::create(const District& district) {
  People people;
  if (auto ok = people.add_classes(district); !ok) return std::move(ok).error();
  auto profile_of = people.add_pupils(district);
  if (!profile_of) return std::move(profile_of).error();
  if (auto ok = people.add_families(district, *profile_of); !ok) return std::move(ok).error();
  return people;
}

base::Result<void> People::add_classes(const District& district) {
  std::unordered_map<SchoolId, StageBounds, IdHash> bounds;
  for (const auto& school : district.schools)
    if (!bounds.emplace(school.id, school.bounds).second) return wrong("school twice:", school.id.value);
  for (const auto& added : district.classes) {
    const auto school = bounds.find(added.school);
    if (school == bounds.end()) return wrong("class of an unknown school:", added.id.value);
    if (added.grade < 1 || added.grade > kLastGrade) return wrong("grade out of range:", added.id.value);
    if (!class_index_.emplace(added.id, static_cast<Index>(classes_.size())).second)
      return wrong("class twice:", added.id.value);
    classes_.push_back({added.id, added.school, added.grade, school->second.of(added.grade)});
  }
  for (const GroupId id : district.groups) {
    if (!group_index_.emplace(id, static_cast<Index>(groups_.size())).second)
      return wrong("group twice:", id.value);
    groups_.push_back({id});
  }
  return {};
}

base::Result<People::ProfileOf> People::add_pupils(const District& district) {
  std::map<std::pair<Index, std::vector<Index>>, Index> known;
  ProfileOf profile_of;
  profile_of.reserve(district.pupils.size());
  of_class_.resize(classes_.size());
  of_group_.resize(groups_.size());
  const auto profile = [&](Index class_index, std::vector<Index> groups) {
    const auto next = static_cast<Index>(profiles_.size());
    const auto [found, is_new] = known.try_emplace({class_index, groups}, next);
    if (is_new) {
      of_class_[class_index].push_back(next);
      for (const Index group : groups) of_group_[group].push_back(next);
      profiles_.push_back({class_index, std::move(groups)});
    }
    return found->second;
  };
  for (const auto& pupil : district.pupils) {
    const auto class_index = find(pupil.class_id);
    if (!class_index) return wrong("pupil of an unknown class:", pupil.id.value);
    ++classes_[*class_index].pupils;
    std::vector<Index> groups;
    for (const GroupId id : pupil.groups) {
      const auto group = find(id);
      if (!group) return wrong("pupil of an unknown group:", pupil.id.value);
      groups.push_back(*group);
    }
    std::ranges::sort(groups);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    for (const Index group : groups) ++groups_[group].pupils;
    if (!profile_of.emplace(pupil.id, profile(*class_index, std::move(groups))).second)
      return wrong("pupil twice:", pupil.id.value);
  }
  for (Index i = 0; i < classes_.size(); ++i)
    if (of_class_[i].empty()) profile(i, {});
  return profile_of;
}

base::Result<void> People::add_families(const District& district, const ProfileOf& profile_of) {
  for (const auto& family : district.families) {
    std::vector<PupilId> pupils = family.pupils;
    std::ranges::sort(pupils);
    pupils.erase(std::unique(pupils.begin(), pupils.end()), pupils.end());
    for (std::size_t i = 0; i < pupils.size(); ++i) {
      const auto first = profile_of.find(pupils[i]);
      if (first == profile_of.end()) return wrong("family with an unknown pupil:", pupils[i].value);
      for (std::size_t j = i + 1; j < pupils.size(); ++j) {
        const auto second = profile_of.find(pupils[j]);
        if (second == profile_of.end()) return wrong("family with an unknown pupil:", pupils[j].value);
        siblings_.push_back({pupils[i], pupils[j], first->second, second->second, family.shares_device});
      }
    }
  }
  return {};
}

std::optional<People::Index> People::find(ClassId id) const {
  const auto found = class_index_.find(id);
  return found == class_index_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<People::Index> People::find(GroupId id) const {
  const auto found = group_index_.find(id);
  return found == group_index_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tongke::school::timetable
