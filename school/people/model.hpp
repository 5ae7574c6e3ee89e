#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "school/people/ids.hpp"
#include "school/people/stage.hpp"

/// Who belongs where: district › school › stage › grade › original class, and the people in it.
/// Plain values; the Directory holds them, the store keeps them. An installation is one district.
namespace tongke::school::people {

struct School {
  SchoolId id = {};
  PublicId public_id = {};
  std::string name = {};
  StageBoundaries stages = kSixThree;
  friend bool operator==(const School&, const School&) = default;
};

struct Subject {
  SubjectId id = {};
  std::string name = {};  ///< as the timetable prints it: 语文, 数学
  friend bool operator==(const Subject&, const Subject&) = default;
};

/// An original class (原班级); every pupil is in exactly one.
struct Class {
  ClassId id = {};
  PublicId public_id = {};
  SchoolId school = {};
  Grade grade = 1;
  std::uint16_t number = 1;  ///< 2 in 三年级2班
  StaffId homeroom = {};     ///< 班主任
  friend bool operator==(const Class&, const Class&) = default;
};

/// How a pupil can be reached at home; it picks the channel (live, TV, package) by itself.
enum class Condition : std::uint8_t { unknown = 0, wifi, mobile_only, shared_device, tv_only, none };
inline constexpr std::size_t kConditionCount = 6;
[[nodiscard]] std::string_view to_string(Condition condition) noexcept;
[[nodiscard]] std::optional<Condition> condition_from(std::string_view name) noexcept;

/// Pupils and staff who have left keep their row, for the records of the term.
enum class Standing : std::uint8_t { active = 0, left };

struct Pupil {
  PupilId id = {};
  PublicId public_id = {};
  SchoolId school = {};
  ClassId original_class = {};
  HomeId home = {};
  Condition condition = Condition::unknown;
  Standing standing = Standing::active;
  std::string number = {};  ///< the school's own pupil number; never an identity card's
  std::string name = {};
  friend bool operator==(const Pupil&, const Pupil&) = default;
};

/// What is kept of a guardian's telephone: a salted, keyed hash of the last four digits, enough
/// to ask for them on a new device. See people/phone.hpp.
struct PhoneMark {
  std::string salt = {};
  std::string hash = {};
  friend bool operator==(const PhoneMark&, const PhoneMark&) = default;
};

/// A family: its one link opens all the children of the home. Nothing else is known of guardians.
struct Home {
  HomeId id = {};
  PublicId public_id = {};
  std::string code = {};  ///< the district's number for the family, if its files have one
  std::vector<PhoneMark> phones = {};
  friend bool operator==(const Home&, const Home&) = default;
};

/// What a member of staff may be; any number of them at once. Teaching and homeroom are no
/// duties: they follow from Staff::teaching and Class::homeroom.
enum class Duty : std::uint16_t {
  school_office = 1,    ///< principal, working group: the school's own affairs
  district_office = 2,  ///< 基础教育科
  resources = 4,        ///< 进修学校: batches and rubrics
  inspector = 8,        ///< 督学
  technician = 16,      ///< sees health, no content and no names
  safeguarding = 32,    ///< the officer who may open help threads, with a reason
  principal = 64,       ///< of a school, whose office she belongs to: what nobody answers comes to her
};
inline constexpr std::uint16_t kAllDuties = 127;
/// A duty with what comes with it: a principal is of the school's office.
[[nodiscard]] std::uint16_t with_what_comes(Duty duty) noexcept;
[[nodiscard]] std::string_view to_string(Duty duty) noexcept;
[[nodiscard]] std::optional<Duty> duty_from(std::string_view name) noexcept;

struct Teaching {
  ClassId original_class = {};
  SubjectId subject = {};
  friend auto operator<=>(const Teaching&, const Teaching&) = default;
};

/// Head of a school's preparation group (备课组长) for a subject in a grade.
struct PrepLead {
  Grade grade = 1;
  SubjectId subject = {};
  friend auto operator<=>(const PrepLead&, const PrepLead&) = default;
};

struct Staff {
  StaffId id = {};
  PublicId public_id = {};
  SchoolId school = {};  ///< none: the district's own people
  Standing standing = Standing::active;
  std::uint16_t duties = 0;  ///< Duty values, or-ed
  std::string number = {};   ///< 工号; a school without numbers has none, then the name is the key
  std::string name = {};
  std::vector<Teaching> teaching = {};  ///< sorted
  std::vector<PrepLead> leads = {};     ///< sorted

  [[nodiscard]] bool has(Duty duty) const noexcept {
    return (duties & static_cast<std::uint16_t>(duty)) != 0;
  }
  friend bool operator==(const Staff&, const Staff&) = default;
};

/// A teaching group across classes of a grade (分层走班); pupils stay in their original class.
struct LayerGroup {
  GroupId id = {};
  PublicId public_id = {};
  SchoolId school = {};
  Grade grade = 1;
  SubjectId subject = {};
  std::string name = {};              ///< "A层"
  std::vector<PupilId> members = {};  ///< sorted
  friend bool operator==(const LayerGroup&, const LayerGroup&) = default;
};

/// Rows to write, whole: each replaces the row with its id, together with what hangs on it
/// (phones, teaching, members). One Changes is one transaction.
struct Changes {
  std::optional<std::string> district = {};
  std::vector<School> schools = {};
  std::vector<Subject> subjects = {};
  std::vector<Class> classes = {};
  std::vector<Home> homes = {};
  std::vector<Pupil> pupils = {};
  std::vector<Staff> staff = {};
  std::vector<LayerGroup> groups = {};
  /// Gone for good (a guardian's right), with memberships, and with the home's phones when they
  /// were its last; only the row number stays taken.
  std::vector<PupilId> erased_pupils = {};

  [[nodiscard]] bool empty() const noexcept {
    return !district && schools.empty() && subjects.empty() && classes.empty() && homes.empty() &&
           pupils.empty() && staff.empty() && groups.empty() && erased_pupils.empty();
  }
};

}  // namespace tongke::school::people
