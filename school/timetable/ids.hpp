#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tongke::school::timetable {

/// A row id of the store, typed so that a class cannot be passed for a pupil. The engine only
/// compares ids; what they name (and every name of a person) stays with the caller.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  friend auto operator<=>(const Id&, const Id&) = default;
};

using SlotId = Id<struct SlotTag>;        ///< a row of a timetable, as somebody edits it
using SchoolId = Id<struct SchoolTag>;    ///< a school
using ClassId = Id<struct ClassTag>;      ///< an original class (原班级)
using GroupId = Id<struct GroupTag>;      ///< a layer group (分层): pupils of one or more classes
using PupilId = Id<struct PupilTag>;      ///< a pupil
using TeacherId = Id<struct TeacherTag>;  ///< a teacher
using SubjectId = Id<struct SubjectTag>;  ///< a subject
using PlaceId = Id<struct PlaceTag>;      ///< a place with a camera that one lesson at a time can use

struct IdHash {
  template <class Tag>
  std::size_t operator()(Id<Tag> id) const noexcept {
    return std::hash<std::int64_t>()(id.value);
  }
};

}  // namespace tongke::school::timetable
