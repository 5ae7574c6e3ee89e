#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "school/people/directory.hpp"

/// May X see or do Y: the one place that decides for staff, pupils and guardians. Pure; what it
/// says "no" to is answered like something that does not exist. (What frames a websocket in a
/// lesson gets is signaling/visibility.)  @source requirements §1.9, §6
namespace tongke::school {

/// What somebody is to the school. A member of staff has any number of them at once.
enum class Capacity : std::uint8_t {
  pupil = 0,
  guardian,
  lead,             ///< of this lesson
  teacher,          ///< of a subject in some classes
  homeroom,         ///< 班主任
  prep_lead,        ///< 备课组长, of a subject in a grade
  school_office,    ///< principal, working group
  safeguarding,     ///< the officer for children in need
  district_office,  ///< 基础教育科
  resources,        ///< 进修学校
  inspector,        ///< 督学
  technician
};
inline constexpr std::size_t kCapacityCount = 12;

enum class Act : std::uint8_t {
  see_school = 0,  ///< that it is there: its name, grades, classes
  see_counts,      ///< how many, never who
  see_names,       ///< of pupils, with number and standing
  see_staff,
  correct_pupil,  ///< a row of the roster
  change_people,  ///< import lists
  make_links,     ///< hand out personal links, print link sheets
  withdraw_links,
  see_lessons,
  watch,
  publish,
  manage_lessons,  ///< create, arrange rooms, open, end, hand over
  name_teacher,    ///< who co-watches a room
  see_absent,      ///< the absent list, by name
  mark_contact,
  see_guardians,
  read_help,  ///< private help between a pupil and his teacher
  see_answers,
  send_batches,
  accept_batches,
  attach,
  see_timetable,
  change_timetable,
  set_caps,
  activate,
  notify,
  draw,             ///< lessons to inspect
  see_inspections,  ///< what inspectors wrote down and signed
  write_rubric,
  give_feedback,   ///< a family's word on a week, or its child's on a lesson
  see_tickets,     ///< what families said was wrong, and of which child
  answer_tickets,  ///< and pass on, and close
  make_packages,
  see_health,
  manage_accounts,
  see_access_log,
  own_data,     ///< see, export, correct, delete what is kept of oneself
  hold,         ///< keep evidence beyond its term; two persons
  see_on_duty,  ///< who of the school is on duty, and how to reach them
  set_on_duty
};
inline constexpr std::size_t kActCount = 40;
[[nodiscard]] std::string_view to_string(Act act) noexcept;
[[nodiscard]] std::optional<Act> act_from(std::string_view name) noexcept;

/// Who asks; exactly one is set, or none: the public.
struct Asker {
  people::StaffId staff = {};
  people::PupilId pupil = {};
  people::HomeId home = {};  ///< a guardian
};

/// What is asked about. Unset = no single one: a target without a school is the district's.
struct Target {
  people::SchoolId school = {};
  people::ClassId original_class = {};
  people::Grade grade = 0;
  people::SubjectId subject = {};
  people::PupilId pupil = {};
  people::StaffId lead = {};  ///< of the lesson
};
[[nodiscard]] Target about(const people::School& school);
[[nodiscard]] Target about(const people::Class& original_class);
[[nodiscard]] Target about(const people::Directory& people, const people::Pupil& pupil);

/// `with_reason`: only with a written reason and somebody responsible who approves; logged.
enum class Verdict : std::uint8_t { no = 0, with_reason, yes };

/// @thread any
[[nodiscard]] Verdict may(const people::Directory& people, const Asker& asker, Act act, const Target& target);
/// Whether the account of a member of staff is the asker's to open, close or give a new password: a
/// school's office has its own school's, but nobody's whose hands reach further than its own.
[[nodiscard]] bool may_manage_account(const people::Directory& people, const Asker& asker,
                                      const people::Staff& staff);
/// Whether these duties, in place of those he has, are the asker's to give, and possible for him.
[[nodiscard]] bool may_give(const people::Directory& people, const Asker& asker, const people::Staff& staff,
                            std::uint16_t duties);
/// Whether there is anything at all the asker may do this to: what a page shows as a menu. The
/// lead's acts are not among them, as they hang on a lesson.
[[nodiscard]] bool may_somewhere(const people::Directory& people, const Asker& asker, Act act);

}  // namespace tongke::school
