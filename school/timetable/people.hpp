#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "school/timetable/ids.hpp"
#include "school/timetable/stage.hpp"

namespace tongke::school::timetable {

/// What the rules need to know of the district; the store's rows of the same names carry far
/// more. No names of persons come in here.
struct District {
  struct School {
    SchoolId id;
    StageBounds bounds = kSixThree;
  };
  struct Class {
    ClassId id;
    SchoolId school;
    Grade grade = 1;
  };
  struct Pupil {
    PupilId id;
    ClassId class_id;
    std::vector<GroupId> groups = {};
  };
  /// Children of one home; those with one child may be left out.
  struct Family {
    std::vector<PupilId> pupils;
    bool shares_device = false;  ///< Conditions (OR-7) of any of them
  };
  std::vector<School> schools;
  std::vector<Class> classes;
  std::vector<GroupId> groups;
  std::vector<Pupil> pupils;
  std::vector<Family> families;
};

/// The district in the form the rules walk: pupils who have the same class and the same layer
/// groups have the same week, so rules look at such profiles (a few more than classes) and not
/// at 35,000 pupils. Immutable; made again when the roster changes.
/// @thread any, const
class People {
 public:
  using Index = std::uint32_t;

  struct Class {
    ClassId id;
    SchoolId school;
    Grade grade = 1;
    Stage stage = Stage::low;
    std::uint32_t pupils = 0;
  };
  struct Group {
    GroupId id;
    std::uint32_t pupils = 0;
  };
  /// Pupils of a class who are in the same groups. A class has at least one, even when nobody is
  /// on its roster yet.
  struct Profile {
    Index class_index = 0;
    std::vector<Index> groups;  ///< ascending
  };
  struct Siblings {
    PupilId first;  ///< the lower id
    PupilId second;
    Index first_profile = 0;
    Index second_profile = 0;
    bool share_device = false;
  };

  /// @errors invalid: an id that comes twice, or one that nobody knows
  [[nodiscard]] static base::Result<People> create(const District& district);

  [[nodiscard]] const std::vector<Class>& classes() const { return classes_; }
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  [[nodiscard]] const std::vector<Profile>& profiles() const { return profiles_; }
  [[nodiscard]] const std::vector<Siblings>& siblings() const { return siblings_; }
  [[nodiscard]] const Class& class_of(const Profile& profile) const { return classes_[profile.class_index]; }

  [[nodiscard]] std::optional<Index> find(ClassId id) const;
  [[nodiscard]] std::optional<Index> find(GroupId id) const;
  [[nodiscard]] const std::vector<Index>& profiles_of_class(Index index) const { return of_class_[index]; }
  [[nodiscard]] const std::vector<Index>& profiles_of_group(Index index) const { return of_group_[index]; }

 private:
  using ProfileOf = std::unordered_map<PupilId, Index, IdHash>;

  People() = default;
  base::Result<void> add_classes(const District& district);
  base::Result<ProfileOf> add_pupils(const District& district);
  base::Result<void> add_families(const District& district, const ProfileOf& profile_of);

  std::vector<Class> classes_;
  std::vector<Group> groups_;
  std::vector<Profile> profiles_;
  std::vector<Siblings> siblings_;
  std::unordered_map<ClassId, Index, IdHash> class_index_;
  std::unordered_map<GroupId, Index, IdHash> group_index_;
  std::vector<std::vector<Index>> of_class_;
  std::vector<std::vector<Index>> of_group_;
};

}  // namespace tongke::school::timetable
