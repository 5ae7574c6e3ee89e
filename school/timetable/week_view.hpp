#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "school/timetable/model.hpp"
#include "school/timetable/people.hpp"
#include "school/timetable/rules_config.hpp"

namespace tongke::school::timetable {

/// Whether something live is 集中授课, which takes air time and has no place in the evening:
/// every live lesson, and anything else with more than one room or more than a few pupils.
/// Breaks and exercises never are; parents' meetings are not as long as they carry no pupils.
[[nodiscard]] bool is_teaching(Kind kind, std::size_t rooms, std::uint32_t pupils, std::uint32_t few);

inline constexpr int kDays = 7;

/// A slot with its audience looked up.
struct Placed {
  const Slot* slot = nullptr;
  int day = 0;  ///< 0 = Monday
  std::vector<People::Index> classes = {};
  std::vector<People::Index> groups = {};
  bool live = false;
  bool teaching = false;

  [[nodiscard]] Minutes start() const { return slot->start; }
  [[nodiscard]] Minutes end() const { return slot->end(); }
};

/// Whether a slot has a length and lies within one day.
[[nodiscard]] bool has_good_time(const Slot& slot);

/// A week as the rules walk it: every slot placed, and for each profile and day what it attends,
/// by time. Refers to what it was made of. The order of `slots` makes no difference.
class WeekView {
 public:
  using Index = People::Index;

  WeekView(const People& people, const RuleSettings& rules, std::span<const Slot> slots);

  [[nodiscard]] const People& people() const { return *people_; }
  [[nodiscard]] const RuleSettings& rules() const { return *rules_; }
  [[nodiscard]] std::span<const Slot> slots() const { return slots_; }
  /// Slots with a good time, by day and time. Unknown classes and groups are left out of them.
  [[nodiscard]] const std::vector<Placed>& placed() const { return placed_; }
  /// What the pupils of a profile attend live on a day, by start.
  [[nodiscard]] const std::vector<const Placed*>& attended(Index profile, int day) const {
    return attended_[profile * kDays + static_cast<std::size_t>(day)];
  }
  /// Everything in a profile's week, live or not, by time.
  [[nodiscard]] std::vector<const Placed*> whole_week(Index profile) const;

 private:
  void place();
  void attend();

  const People* people_;
  const RuleSettings* rules_;
  std::span<const Slot> slots_;
  std::vector<Placed> placed_;
  std::vector<std::vector<const Placed*>> by_class_;  // all deliveries, whole week
  std::vector<std::vector<const Placed*>> by_group_;
  std::vector<std::vector<const Placed*>> attended_;  // by profile and day
};

}  // namespace tongke::school::timetable
