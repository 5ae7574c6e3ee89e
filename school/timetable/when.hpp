#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace tongke::school::timetable {

/// Lengths, and times of day since local midnight.
using Minutes = std::chrono::minutes;
/// A day of the district's calendar.
using Date = std::chrono::local_days;
using Weekday = std::chrono::weekday;

/// 1 = Monday … 7 = Sunday, as ISO 8601 counts.
[[nodiscard]] inline int iso_day(Weekday day) { return static_cast<int>(day.iso_encoding()); }

/// A week, named by its Monday.
struct Week {
  Date monday{};
  [[nodiscard]] static Week of(Date date);
  [[nodiscard]] Date on(Weekday day) const { return monday + std::chrono::days(iso_day(day) - 1); }
  friend auto operator<=>(const Week&, const Week&) = default;
};

/// A moment as a clock on the wall in the district shows it.
struct LocalMoment {
  Date date{};
  std::chrono::milliseconds time{};  ///< since local midnight
  friend bool operator==(const LocalMoment&, const LocalMoment&) = default;
};

/// The district's time: a fixed offset from UTC. China has had no summer time since 1991, and a
/// machine at a school may have no zone files.
struct Zone {
  Minutes offset = std::chrono::hours(8);
  [[nodiscard]] LocalMoment local(base::WallTime wall) const;
  [[nodiscard]] base::WallTime wall(Date date, std::chrono::milliseconds time) const;
};

/// "8:00", "08：00", "8:00:00", "2:30 PM", "下午2:30"; "24:00" is the end of a day.
[[nodiscard]] std::optional<Minutes> parse_time(std::string_view text);
/// "周一", "星期日", "礼拜三", "Mon", "monday", "1" (Monday) to "7".
[[nodiscard]] std::optional<Weekday> parse_weekday(std::string_view text);
/// "2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日"; only days that exist, 2000 to 2099.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
/// "+08:00", "-03:30", "Z"; at most 14 hours.
[[nodiscard]] std::optional<Zone> parse_zone(std::string_view text);

[[nodiscard]] std::string format_time(Minutes time);  ///< "08:05"
[[nodiscard]] std::string format_date(Date date);     ///< "2026-03-02"
[[nodiscard]] std::string format_zone(Zone zone);     ///< "+08:00"

/// A time in every evening and night, e.g. 18:00-07:30.
struct DayWindow {
  Minutes from{};
  Minutes to{};  ///< earlier than `from`: on the next day
  /// Whether any moment of [start, end) lies within; times of day, end up to 24:00.
  [[nodiscard]] bool touches(Minutes start, Minutes end) const;
  [[nodiscard]] bool contains(std::chrono::milliseconds time) const;
};

}  // namespace tongke::school::timetable
