#include "school/timetable/when.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::school::timetable;
using namespace std::chrono_literals;

namespace {

Date day(int year, unsigned month, unsigned date) {
  return Date(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(date));
}

}  // namespace

TEST_CASE("timetable time: as clerks and spreadsheets write it") {
  struct Case {
    const char* text;
    std::optional<Minutes> time;
  };
  const std::vector<Case> cases = {
      {"8:00", 8h},
      {"08:05", 8h + 5min},
      {" 8：30 ", 8h + 30min},
      {"8:00:00", 8h},
      {"23:59", 1439min},
      {"24:00", 24h},
      {"2:30 PM", 14h + 30min},
      {"12:00 am", 0min},
      {"下午2:30", 14h + 30min},
      {"上午 8:00", 8h},
      {"12:10pm", 12h + 10min},
      {"0:00", 0min},
      {"24:01", {}},
      {"25:00", {}},
      {"8:60", {}},
      {"8:5", {}},
      {"8", {}},
      {"8:00x", {}},
      {"", {}},
      {"-8:00", {}},
      {"8:00:30", {}},
      {"13:00 PM", {}},
      {"0:30 am", {}},
      {"888:00", {}},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(parse_time(c.text) == c.time);
  }
}

TEST_CASE("timetable time: weekdays in two languages") {
  for (const char* text : {"周一", "星期一", "礼拜一", "一", "Mon", "MONDAY", "1", " 周一　"})
    CHECK(parse_weekday(text) == std::chrono::Monday);
  for (const char* text : {"周日", "星期天", "Sun", "7"}) CHECK(parse_weekday(text) == std::chrono::Sunday);
  for (const char* text : {"", "周", "周八", "0", "8", "mo", "周周一"}) {
    INFO(text);
    CHECK_FALSE(parse_weekday(text));
  }
}

TEST_CASE("timetable time: dates that exist") {
  for (const char* text : {"2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日"})
    CHECK(parse_date(text) == day(2026, 3, 2));
  CHECK(parse_date("2028-02-29") == day(2028, 2, 29));
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-3/2", "26-3-2", "2026-3-2x", "2026年3月2", "",
                           "1999-01-01", "2026-00-10", "2026-03-"}) {
    INFO(text);
    CHECK_FALSE(parse_date(text));
  }
}

TEST_CASE("timetable time: weeks begin on Monday, across years") {
  CHECK(Week::of(day(2027, 1, 1)).monday == day(2026, 12, 28));
  CHECK(Week::of(day(2026, 3, 2)).monday == day(2026, 3, 2));
  CHECK(Week::of(day(2026, 3, 8)).monday == day(2026, 3, 2));
  CHECK(Week{day(2026, 3, 2)}.on(std::chrono::Sunday) == day(2026, 3, 8));
}

TEST_CASE("timetable time: the district's zone is a fixed offset") {
  const Zone zone;
  const base::WallTime wall(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + 23h + 59min);
  CHECK(zone.local(wall) == LocalMoment{day(2026, 3, 2), 7h + 59min});
  CHECK(zone.wall(day(2026, 3, 2), 7h + 59min) == wall);
  for (const char* text : {"+08:00", "-03:30", "+00:00"})
    CHECK(format_zone(parse_zone(text).value()) == text);
  CHECK(parse_zone("Z")->offset == 0min);
  for (const char* text : {"", "8", "+8:00", "+15:00", "+08:0x", "08:00"}) CHECK_FALSE(parse_zone(text));
}

TEST_CASE("timetable time: a window over midnight") {
  const DayWindow evening{18h, 7h + 30min};
  struct Case {
    Minutes start, end;
    bool touches;
  };
  const std::vector<Case> cases = {
      {17h + 40min, 18h, false}, {17h + 50min, 18h + 10min, true},
      {18h, 18h + 20min, true},  {7h, 7h + 30min, true},
      {7h + 30min, 8h, false},   {7h + 29min, 7h + 50min, true},
      {0min, 10min, true},       {7h, 19h, true},
      {23h, 24h, true},
  };
  for (const Case& c : cases) {
    INFO(format_time(c.start) << "-" << format_time(c.end));
    CHECK(evening.touches(c.start, c.end) == c.touches);
  }
  CHECK(evening.contains(18h));
  CHECK_FALSE(evening.contains(18h - 1ms));
  CHECK_FALSE(evening.contains(7h + 30min));
  const DayWindow same_day{19h, 23h};
  CHECK(same_day.touches(18h, 20h));
  CHECK_FALSE(same_day.touches(23h, 24h));
  CHECK(same_day.contains(19h));
  CHECK_FALSE(same_day.contains(23h));
}
