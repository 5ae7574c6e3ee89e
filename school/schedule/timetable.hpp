#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "school/people/ids.hpp"
#include "school/timetable/inherit.hpp"
#include "school/timetable/month.hpp"

/// The district's timetable as it is kept: where the rules of school/timetable meet the people
/// of school/people and the store.
namespace tongke::school::schedule {

/// Names a sheet: whose it is, and in which week it holds (none: every week).
struct SheetKey {
  timetable::Scope scope = {};
  std::optional<timetable::Week> week = {};
  friend auto operator<=>(const SheetKey&, const SheetKey&) = default;
};

using Rows = std::vector<timetable::Row>;
using Sheets = std::map<SheetKey, Rows>;

/// A classroom with a camera.
struct Place {
  timetable::PlaceId id = {};
  people::SchoolId school = {};
  std::string name = {};
  friend bool operator==(const Place&, const Place&) = default;
};

/// The last time sheets were published: what one step back takes back.
struct Publication {
  std::int64_t number = 0;  ///< counts up; 0: none, or taken back
  base::WallTime at{};
  std::string by = {};  ///< who asked for it, for the log; no pupil's name
  std::set<SheetKey> keys = {};
  Sheets former = {};  ///< what stood in their place; a key without a sheet had none
};

using WeeklyHours = std::map<std::pair<timetable::Grade, timetable::SubjectId>, int>;

/// Everything that is planned. A value: what threads share is a Snapshot.
struct Timetable {
  Sheets drafts = {};     ///< as the offices work on them; publishing leaves them there
  Sheets published = {};  ///< what holds
  Publication last = {};
  timetable::MonthPlans months = {};
  WeeklyHours weekly_hours = {};
  std::vector<Place> places = {};
  std::int64_t next_row = 1;    ///< the first row number that was never used
  std::int64_t generation = 0;  ///< of the store this was read from; grows with every change
};
using Snapshot = std::shared_ptr<const Timetable>;

/// The sheets as the rules take them; `published` marks every row as being so.
[[nodiscard]] std::vector<timetable::Sheet> as_sheets(const Sheets& sheets, timetable::State state);

/// The slots of `week` that hold for everybody, from published sheets only.
[[nodiscard]] std::vector<timetable::Slot> published_week(const timetable::People& people,
                                                          const Timetable& timetable, timetable::Week week);
/// As it would be if all drafts were published now.
[[nodiscard]] std::vector<timetable::Slot> draft_week(const timetable::People& people,
                                                      const Timetable& timetable, timetable::Week week);

/// Publishing, or taking it back: the sheets that hold from now on under these keys.
struct Transition {
  Sheets now = {};
  Publication last = {};
};

/// What one piece of work changes: sheets whole, in place of those with their key; one without
/// rows is gone.
struct Changes {
  Sheets drafts = {};
  std::vector<Place> new_places = {};
  std::optional<WeeklyHours> weekly_hours = {};
  std::optional<timetable::MonthPlans> months = {};
  std::int64_t rows_used = 0;  ///< row numbers taken from Timetable::next_row on

  std::optional<Transition> transition = {};

  [[nodiscard]] bool empty() const noexcept {
    return drafts.empty() && new_places.empty() && !weekly_hours && !months && !transition;
  }
};

/// The timetable with `changes` made.
[[nodiscard]] Timetable with(Timetable timetable, const Changes& changes);

}  // namespace tongke::school::schedule
