#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "school/people/model.hpp"
#include "school/people/table.hpp"

namespace tongke::school::people {

/// The whole district in memory: every question of "who is in", "whose child", "which class"
/// is answered here without the store. 35,000 pupils are about 12 MB.
///
/// It is a value. What threads share is a `shared_ptr<const Directory>` (Snapshot): the people
/// Registry makes a changed copy and hands it over whole, so that readers never lock.
/// @thread const functions: any; apply: its only owner's
class Directory {
 public:
  [[nodiscard]] const std::string& district() const noexcept { return district_; }

  // By row number; nullptr when there is none.
  [[nodiscard]] const School* find(SchoolId id) const noexcept { return schools_.find(id); }
  [[nodiscard]] const Subject* find(SubjectId id) const noexcept { return subjects_.find(id); }
  [[nodiscard]] const Class* find(ClassId id) const noexcept { return classes_.find(id); }
  [[nodiscard]] const Home* find(HomeId id) const noexcept { return homes_.find(id); }
  [[nodiscard]] const Pupil* find(PupilId id) const noexcept { return pupils_.find(id); }
  [[nodiscard]] const Staff* find(StaffId id) const noexcept { return staff_.find(id); }
  [[nodiscard]] const LayerGroup* find(GroupId id) const noexcept { return groups_.find(id); }

  // By the id that links and pages carry; nullptr for unknown.
  [[nodiscard]] const School* school(PublicId id) const;
  [[nodiscard]] const Class* original_class(PublicId id) const;
  [[nodiscard]] const Home* home(PublicId id) const;
  [[nodiscard]] const Pupil* pupil(PublicId id) const;
  [[nodiscard]] const Staff* staff(PublicId id) const;
  [[nodiscard]] const LayerGroup* group(PublicId id) const;

  // By what a school's own files call them; nullptr for unknown.
  [[nodiscard]] const School* school_named(std::string_view name) const;
  [[nodiscard]] const Subject* subject_named(std::string_view name) const;
  [[nodiscard]] const Class* class_numbered(SchoolId school, Grade grade, std::uint16_t number) const;
  [[nodiscard]] const Pupil* pupil_numbered(SchoolId school, std::string_view number) const;
  /// A member of staff without a number is found by name.
  [[nodiscard]] const Staff* staff_numbered(SchoolId school, std::string_view number_or_name) const;
  [[nodiscard]] const Home* home_coded(std::string_view code) const;
  [[nodiscard]] const LayerGroup* group_named(SchoolId school, Grade grade, SubjectId subject,
                                              std::string_view name) const;

  // Everything of a kind, by row number; rows may be empty (`!row.id`) where one was erased.
  [[nodiscard]] std::span<const School> schools() const noexcept { return schools_.rows(); }
  [[nodiscard]] std::span<const Subject> subjects() const noexcept { return subjects_.rows(); }
  [[nodiscard]] std::span<const Class> classes() const noexcept { return classes_.rows(); }
  [[nodiscard]] std::span<const Home> homes() const noexcept { return homes_.rows(); }
  [[nodiscard]] std::span<const Pupil> pupils() const noexcept { return pupils_.rows(); }
  [[nodiscard]] std::span<const Staff> staff() const noexcept { return staff_.rows(); }
  [[nodiscard]] std::span<const LayerGroup> groups() const noexcept { return groups_.rows(); }

  // What hangs on what, in no special order. Pupils who left are among them.
  [[nodiscard]] std::span<const ClassId> classes_of(SchoolId school) const {
    return school_classes_.of(school);
  }
  [[nodiscard]] std::span<const PupilId> pupils_of(ClassId id) const { return class_pupils_.of(id); }
  [[nodiscard]] std::span<const PupilId> children_of(HomeId home) const { return home_pupils_.of(home); }
  [[nodiscard]] std::span<const GroupId> groups_of(PupilId pupil) const { return pupil_groups_.of(pupil); }
  [[nodiscard]] std::span<const StaffId> staff_of(SchoolId school) const { return school_staff_.of(school); }
  /// Those who teach a subject in this class.
  [[nodiscard]] std::span<const StaffId> teachers_of(ClassId id) const { return class_teachers_.of(id); }
  /// The homeroom classes of a teacher.
  [[nodiscard]] std::span<const ClassId> homerooms_of(StaffId staff) const {
    return staff_homerooms_.of(staff);
  }

  [[nodiscard]] Stage stage_of(const Class& original_class) const;
  [[nodiscard]] std::size_t pupil_count() const noexcept { return pupils_.size(); }

  /// The first row number of a kind that was never used.
  [[nodiscard]] std::uint32_t next_school() const noexcept { return schools_.next(); }
  [[nodiscard]] std::uint32_t next_subject() const noexcept { return subjects_.next(); }
  [[nodiscard]] std::uint32_t next_class() const noexcept { return classes_.next(); }
  [[nodiscard]] std::uint32_t next_home() const noexcept { return homes_.next(); }
  [[nodiscard]] std::uint32_t next_pupil() const noexcept { return pupils_.next(); }
  [[nodiscard]] std::uint32_t next_staff() const noexcept { return staff_.next(); }
  [[nodiscard]] std::uint32_t next_group() const noexcept { return groups_.next(); }

  void apply(const Changes& changes);
  // One row, in place of the one with its id.
  void put(const School& row);
  void put(const Subject& row);
  void put(const Class& row);
  void put(const Home& row);
  void put(const Pupil& row);
  void put(const Staff& row);
  void put(const LayerGroup& row);

 private:
  void erase(PupilId id);

  std::string district_;
  Table<School> schools_;
  Table<Subject> subjects_;
  Table<Class> classes_;
  Table<Home> homes_;
  Table<Pupil> pupils_;
  Table<Staff> staff_;
  Table<LayerGroup> groups_;

  std::unordered_map<PublicId, std::uint32_t> by_public_id_;  // row number; the kind is the caller's
  std::unordered_map<std::string, std::uint32_t> by_name_;    // "kind/parent/name" → row number

  Links<SchoolId, ClassId> school_classes_;
  Links<ClassId, PupilId> class_pupils_;
  Links<HomeId, PupilId> home_pupils_;
  Links<PupilId, GroupId> pupil_groups_;
  Links<SchoolId, StaffId> school_staff_;
  Links<ClassId, StaffId> class_teachers_;
  Links<StaffId, ClassId> staff_homerooms_;
};

/// What crosses threads.
using Snapshot = std::shared_ptr<const Directory>;

}  // namespace tongke::school::people
