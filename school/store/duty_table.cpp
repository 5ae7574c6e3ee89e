#include "school/store/duty_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

using base::Result;

int number(timetable::Date day) { return static_cast<int>(day.time_since_epoch().count()); }

}  // namespace

Result<DutyWeek> load_duty_week(Store& store, people::SchoolId school, timetable::Week week) {
  return guarded("reading the duty roster", [&]() -> Result<DutyWeek> {
    DutyWeek roster;
    const int monday = number(week.monday);
    each_row<int, int, int, std::string>(
        store.session(),
        "SELECT day, post, staff_id, phone FROM duty_turn WHERE school_id = " + std::to_string(school.value) +
            " AND day BETWEEN " + std::to_string(monday) + " AND " + std::to_string(monday + 6),
        [&](int day, int post, int staff, const std::string& phone) {
          if (post < 0 || static_cast<std::size_t>(post) >= kPostCount) return;  // of a newer version
          roster.at(static_cast<std::size_t>(day - monday)).at(static_cast<std::size_t>(post)) = {
              .staff = {static_cast<std::uint32_t>(staff)}, .phone = phone};
        });
    return roster;
  });
}

Result<void> save_duty_week(Store& store, people::SchoolId school, timetable::Week week,
                            const DutyWeek& roster) {
  return guarded("saving the duty roster", [&]() -> Result<void> {
    const int monday = number(week.monday);
    const int of = static_cast<int>(school.value);
    Prepared<int, int, int>(
        store.session(), "DELETE FROM duty_turn WHERE school_id = :s AND day BETWEEN :f AND :t")(of, monday,
                                                                                                 monday + 6);
    Prepared<int, int, int, int, std::string> save(
        store.session(),
        "INSERT INTO duty_turn (school_id, day, post, staff_id, phone) VALUES (:s, :d, :p, :w, :n)");
    for (std::size_t day = 0; day < roster.size(); ++day) {
      for (std::size_t post = 0; post < kPostCount; ++post) {
        const Turn& turn = roster[day][post];
        if (turn.staff)
          save(of, monday + static_cast<int>(day), static_cast<int>(post), static_cast<int>(turn.staff.value),
               turn.phone);
      }
    }
    return {};
  });
}

Result<void> drop_duty_before(Store& store, timetable::Date day) {
  return guarded("dropping duty rosters", [&]() -> Result<void> {
    Prepared<int>(store.session(), "DELETE FROM duty_turn WHERE day < :day")(number(day));
    return {};
  });
}

}  // namespace tongke::school::store
