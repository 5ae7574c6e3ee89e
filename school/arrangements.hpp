#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "school/lessons.hpp"
#include "school/rooms.hpp"
#include "school/store/store.hpp"

namespace tongke::school {

/// The rooms and leads of every lesson, kept in memory and written through to the store; the
/// part of a lesson that Lessons does not know.
/// @thread as Lessons
class Arrangements {
 public:
  /// A room to make: who sits in it and who co-watches.
  struct RoomPlan {
    Seating seating;
    people::StaffId teacher;
  };

  /// Reads every arrangement.  @errors io
  [[nodiscard]] static base::Result<Arrangements> open(store::Store& store);

  /// Calls `changed` with every arrangement as it is now, and with each one that changes later.
  void watch(std::function<void(const Arrangement&)> changed);

  /// Gives a lesson its mode, rooms and first lead, in place of what it had. Rooms whose seating
  /// stays keep their id, so links and notes of them go on.
  /// @errors as check_rooms; not_found (field "lead" or "teacher"); io
  [[nodiscard]] base::Result<Arrangement> arrange(const people::Directory& people, const Lesson& lesson,
                                                  LessonMode mode, const std::vector<RoomPlan>& rooms,
                                                  people::StaffId lead);
  /// Makes `to` the lead from `at` on; the same lead again changes nothing. Media goes on: the
  /// new lead publishes with the lesson's key and takes the old one's place.
  /// @errors not_found (field "lead"), invalid: `at` lies before the present lead's; io
  [[nodiscard]] base::Result<Arrangement> hand_over(const people::Directory& people, const Lesson& lesson,
                                                    people::StaffId to, base::WallTime at);
  /// Names the subject teacher of a room; none takes the name away.  @errors not_found, io
  [[nodiscard]] base::Result<Room> assign_teacher(const people::Directory& people, people::PublicId room,
                                                  people::StaffId teacher);

  /// Forgets a lesson that is about to be removed; the store's rows go with the lesson's.
  void forget(std::string_view lesson);

  /// Of a lesson that was never arranged: mode `open`, no rooms.
  [[nodiscard]] const Arrangement& of(std::string_view lesson) const;
  /// nullptr when there is no such room.
  [[nodiscard]] const Room* find_room(people::PublicId id) const;
  /// Ids of the lessons that have a room for this class or group, in no special order.
  [[nodiscard]] std::span<const std::string> lessons_of(const Seating& seating) const;
  /// Ids of the lessons that a pupil has a place in, each once.
  [[nodiscard]] std::vector<std::string> lessons_of(const people::Directory& people,
                                                    const people::Pupil& pupil) const;
  /// Those that were arranged, by lesson id.
  [[nodiscard]] const std::map<std::string, Arrangement, std::less<>>& all() const noexcept {
    return lessons_;
  }

 private:
  explicit Arrangements(store::Store& store) : store_(&store) {}
  [[nodiscard]] base::Result<Arrangement> save(Arrangement changed);
  void index(const Arrangement& lesson);

  store::Store* store_;
  std::map<std::string, Arrangement, std::less<>> lessons_;        // by lesson id
  std::unordered_map<people::PublicId, std::string> room_lesson_;  // by room
  std::map<Seating, std::vector<std::string>> seated_;             // lesson ids by who sits there
  std::uint32_t next_room_ = 1;
  std::function<void(const Arrangement&)> changed_;
};

}  // namespace tongke::school
