#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/people/directory.hpp"

namespace tongke::school {

using RoomId = people::Id<struct Room>;

/// How a lesson's classes are put together (S24, S25). `open` lessons have no roster: whoever
/// has a link is in.
enum class LessonMode : std::uint8_t { open = 0, class_lesson, layered, joint };
[[nodiscard]] std::string_view to_string(LessonMode mode) noexcept;
[[nodiscard]] std::optional<LessonMode> lesson_mode_from(std::string_view name) noexcept;

/// Most rooms one lesson may have.
inline constexpr std::size_t kMaxRooms = 60;

/// Who sits in a room: one original class, or one layer group.
struct Seating {
  people::ClassId original_class = {};
  people::GroupId group = {};  ///< exactly one of the two is set
  friend auto operator<=>(const Seating&, const Seating&) = default;
};

/// What people call who sits there: "三年级2班", or a group's name; "" for nobody known.  @thread any
[[nodiscard]] std::string label_of(const people::Directory& people, const Seating& seating);

/// A lesson's room: own roster, own subject teacher, own private channel. Media is the lesson's.
struct Room {
  RoomId id = {};
  people::PublicId public_id = {};
  std::string lesson = {};  ///< Lesson::id
  Seating seating = {};
  people::StaffId teacher = {};  ///< the subject teacher who co-watches; none yet = not named
  friend bool operator==(const Room&, const Room&) = default;
};

/// A stretch of a lesson under one lead teacher.
struct Lead {
  people::StaffId staff = {};
  base::WallTime from{};
  friend bool operator==(const Lead&, const Lead&) = default;
};

/// Who is where in a lesson, beside the Lesson itself: mode, rooms, leads.
struct Arrangement {
  std::string lesson = {};
  LessonMode mode = LessonMode::open;
  std::vector<Room> rooms = {};
  std::vector<Lead> leads = {};  ///< in order of time; the last leads now

  [[nodiscard]] people::StaffId lead() const noexcept {
    return leads.empty() ? people::StaffId() : leads.back().staff;
  }
  friend bool operator==(const Arrangement&, const Arrangement&) = default;
};

/// A pupil's place, and an original class as its own teacher knows it: whole, wherever its
/// pupils sit. Pupils whom the lesson has no room for have none.
struct Place {
  people::PupilId pupil = {};
  RoomId room = {};
  friend auto operator<=>(const Place&, const Place&) = default;
};
struct ClassList {
  people::ClassId original_class = {};
  std::vector<Place> places = {};  ///< every active pupil of the class, once
};

/// The pupils a room expects, active ones only.  @thread any
[[nodiscard]] std::vector<people::PupilId> expected_in(const people::Directory& people,
                                                       const Seating& seating);

/// The room a pupil of this lesson belongs in: the class's, or his group's; nullptr for none.
[[nodiscard]] const Room* room_of(const people::Directory& people, const Arrangement& lesson,
                                  people::PupilId pupil);

/// Whether a member of staff is a room's own teacher: named for it; or its class's homeroom teacher;
/// or teaching the class while nobody else is named.  @thread any
[[nodiscard]] bool teaches(const people::Directory& people, const people::Staff& staff, const Room& room);

/// Rolls a lesson's rooms back up to original classes (RM-2): every class of which at least one
/// pupil has a place is there, complete.  @thread any
[[nodiscard]] std::vector<ClassList> by_original_class(const people::Directory& people,
                                                       const Arrangement& lesson);

/// Whether these rooms make a lesson of this mode: `class_lesson` has one class; `layered` has
/// groups, and no pupil is in two of them; `joint` has 2 to 60 rooms, each pupil in one.
/// @errors invalid (field "mode" or "rooms"), not_found (field "rooms"), conflict: a pupil
///         would be in two rooms
[[nodiscard]] base::Result<void> check_rooms(const people::Directory& people, LessonMode mode,
                                             const std::vector<Seating>& rooms);

}  // namespace tongke::school
