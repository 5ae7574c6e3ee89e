#pragma once

#include <span>

#include "school/timetable/finding.hpp"
#include "school/timetable/week_view.hpp"

/// What several rules share.
namespace tongke::school::timetable::rules {

/// The rows of `slots`, ascending, each once.
[[nodiscard]] std::vector<SlotId> rows_of(std::span<const Placed* const> slots);

/// A profile on a day: its class, and those of its groups that any of `slots` is for.
[[nodiscard]] Where about(const WeekView& week, People::Index profile, std::span<const Placed* const> slots);

/// Adds a finding; its severity comes from the code.
void report(Findings& findings, Code code, Where where, std::vector<SlotId> rows, std::int64_t amount,
            std::int64_t limit, std::int64_t excess);

/// Slots that overlap another of the list, and for how many minutes two were on at once.
struct Overlap {
  std::vector<const Placed*> slots;
  Minutes time{};
};
/// @param by_start  of one day, by start
[[nodiscard]] Overlap overlap(std::span<const Placed* const> by_start);

/// Adds up the time covered by slots given by start; what overlaps counts once.
class Covered {
 public:
  void add(const Placed& slot);
  [[nodiscard]] Minutes total() const { return total_; }
  [[nodiscard]] Minutes end() const { return end_; }  ///< of the latest so far

 private:
  Minutes total_{};
  Minutes end_{};
};

/// Teaching of a day that no break of `pause` interrupts.
struct Run {
  std::vector<const Placed*> slots;
  Covered covered;
};
/// @param by_start  of one day, by start; what is no teaching is passed over
[[nodiscard]] std::vector<Run> runs(std::span<const Placed* const> by_start, Minutes pause);

}  // namespace tongke::school::timetable::rules
