#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "school/people/directory.hpp"
#include "school/rooms.hpp"
#include "school/schedule/timetable.hpp"
#include "school/timetable/air_ledger.hpp"
#include "school/timetable/import_rows.hpp"
#include "school/timetable/programme.hpp"

/// School people in the words of the timetable's rules. A row has the same number on both sides.
namespace tongke::school::schedule {

template <class Tag>
[[nodiscard]] people::Id<Tag> person(std::int64_t number) noexcept {
  return people::Id<Tag>{static_cast<std::uint32_t>(number)};
}
[[nodiscard]] inline people::ClassId to_people(timetable::ClassId id) noexcept {
  return people::ClassId{static_cast<std::uint32_t>(id.value)};
}
[[nodiscard]] inline people::GroupId to_people(timetable::GroupId id) noexcept {
  return people::GroupId{static_cast<std::uint32_t>(id.value)};
}
[[nodiscard]] inline people::SchoolId to_people(timetable::SchoolId id) noexcept {
  return people::SchoolId{static_cast<std::uint32_t>(id.value)};
}
[[nodiscard]] inline people::SubjectId to_people(timetable::SubjectId id) noexcept {
  return people::SubjectId{static_cast<std::uint32_t>(id.value)};
}
[[nodiscard]] inline people::StaffId to_people(timetable::TeacherId id) noexcept {
  return people::StaffId{static_cast<std::uint32_t>(id.value)};
}

/// The active district as the rules walk it: 35,000 pupils take some 20 ms.  @thread any
/// @errors internal: rows that contradict each other
[[nodiscard]] base::Result<timetable::People> rules_people(const people::Directory& people);

/// The room of a lesson as the ledger of air time knows it.
[[nodiscard]] timetable::Room air_room(const Seating& seating);

/// Finds what timetable files call by name.
class NameFinder {
 public:
  /// @param home  the school that rows without one mean; none: rows must say it
  NameFinder(const people::Directory& people, const Timetable& timetable, people::SchoolId home);

  /// Refers to this object. Places that nobody knows are made.
  [[nodiscard]] timetable::Directory directory();
  [[nodiscard]] const std::vector<Place>& new_places() const noexcept { return new_places_; }

 private:
  [[nodiscard]] const people::School* school_of(std::optional<timetable::SchoolId> said) const;
  [[nodiscard]] std::optional<timetable::ClassId> class_named(std::optional<timetable::SchoolId> school,
                                                              std::string_view name) const;
  [[nodiscard]] std::optional<timetable::GroupId> group(std::optional<timetable::SchoolId> school,
                                                        std::string_view name) const;
  [[nodiscard]] std::optional<timetable::TeacherId> teacher(std::optional<timetable::SchoolId> school,
                                                            std::string_view name) const;
  [[nodiscard]] std::optional<timetable::PlaceId> place(std::optional<timetable::SchoolId> school,
                                                        std::string_view name);

  const people::Directory& people_;
  const people::SchoolId home_;
  std::vector<Place> places_;
  std::vector<Place> new_places_;
};

/// Names for what is printed. Refers to `people`.
[[nodiscard]] timetable::Names names_of(const people::Directory& people);
/// "三年级2班"; empty for a class nobody knows.
[[nodiscard]] std::string class_name(const people::Directory& people, timetable::ClassId id);

/// The school a sheet belongs to; none: the district's own.
[[nodiscard]] people::SchoolId owner_of(const people::Directory& people, const timetable::Scope& scope);

/// One class's programme of a week, published slots only unless `drafts`.
[[nodiscard]] timetable::Programme programme_of(const people::Directory& people,
                                                const std::vector<timetable::Slot>& week_slots,
                                                timetable::Week week, people::ClassId id, bool drafts);

/// What a screen of these classes shows in a published week: their own lessons and pauses as
/// timetable::one_at_a_time() has them; not those of layer groups, of invited pupils or of parents.
[[nodiscard]] std::vector<timetable::Entry> screen_entries(const people::Directory& people,
                                                           const std::vector<timetable::Slot>& week_slots,
                                                           timetable::Week week,
                                                           std::span<const people::ClassId> classes);

/// What one pupil has in a published week, by time: its class's, and its layer groups'.
[[nodiscard]] std::vector<timetable::Entry> entries_of(const people::Directory& people,
                                                       const std::vector<timetable::Slot>& week_slots,
                                                       timetable::Week week, people::PupilId id);

}  // namespace tongke::school::schedule
