#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "school/people/ids.hpp"
#include "school/schedule/view.hpp"
#include "school/timetable/model.hpp"

/// What lies between two lessons of a pupil (PL-14), and which lesson comes next.
namespace tongke::school::schedule {

/// A stretch of the timetable in place of a lesson: a break, eye exercises, exercises.
struct Pause {
  timetable::Kind kind = timetable::Kind::rest;
  base::WallTime starts{};
  base::WallTime ends{};
  friend bool operator==(const Pause&, const Pause&) = default;
};

/// The pauses of one day for everybody, in order: made once, asked by every pupil.  @thread any, const
class DayPauses {
 public:
  /// At most so many are answered at once.
  static constexpr std::size_t kMost = 16;

  DayPauses() = default;
  /// @param week  the published week that `day` lies in
  DayPauses(std::span<const timetable::Slot> week, timetable::Date day, timetable::Zone zone);

  /// What is left of the day at `now` for pupils of this class in these layer groups, by when it
  /// starts; one that has begun comes first.
  [[nodiscard]] std::vector<Pause> left(people::ClassId original_class,
                                        std::span<const people::GroupId> groups, base::WallTime now) const;
  /// Of the row that a lesson was made of; none: not of this day, or without one.
  [[nodiscard]] people::SubjectId subject_of(timetable::SlotId row) const;

 private:
  std::unordered_map<std::int64_t, std::vector<Pause>> of_class_;
  std::unordered_map<std::int64_t, std::vector<Pause>> of_group_;
  std::unordered_map<std::int64_t, people::SubjectId> subjects_;  // by row
};

/// The day that is asked about, made anew when the timetable or the date has changed.  @thread any
class Today {
 public:
  [[nodiscard]] std::shared_ptr<const DayPauses> pauses(const ViewPtr& view, timetable::Date day,
                                                        timetable::Zone zone);

 private:
  struct Kept {
    ViewPtr view;
    timetable::Date day{};
    std::shared_ptr<const DayPauses> pauses;
  };
  base::Guarded<Kept> kept_;
};

/// One of a pupil's lessons, as far as the order of the day goes.
struct DayLesson {
  std::string_view id;
  base::WallTime starts{};  ///< as planned; so is the end
  base::WallTime ends{};
  bool drill = false;
  bool ended = false;
  bool on_air = false;
};

/// What a pupil who is in `here` goes on to: of the same day as `now`, the first that begins after it,
/// is neither ended nor over (unless it is on air still); a drill is followed by drills. nullptr:
/// nothing, or `here` is of another day.
[[nodiscard]] const DayLesson* next_after(const DayLesson& here, std::span<const DayLesson> lessons,
                                          base::WallTime now, timetable::Zone zone);

}  // namespace tongke::school::schedule
