#include "school/timetable/when.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable {
namespace {

using namespace std::chrono_literals;

enum class HalfDay { none, morning, afternoon };

/// Takes "上午", "PM" and the like off either end.
HalfDay take_half_day(std::string_view& text) {
  static constexpr std::array<std::pair<std::string_view, HalfDay>, 2> kPrefixes = {
      {{"上午", HalfDay::morning}, {"下午", HalfDay::afternoon}}};
  static constexpr std::array<std::pair<std::string_view, HalfDay>, 2> kSuffixes = {
      {{"am", HalfDay::morning}, {"pm", HalfDay::afternoon}}};
  for (const auto& [word, half] : kPrefixes) {
    if (!text.starts_with(word)) continue;
    text = trimmed(text.substr(word.size()));
    return half;
  }
  for (const auto& [word, half] : kSuffixes) {
    if (text.size() < word.size() || lower(text.substr(text.size() - word.size())) != word) continue;
    text = trimmed(text.substr(0, text.size() - word.size()));
    return half;
  }
  return HalfDay::none;
}

bool take_colon(std::string_view& text) { return take(text, ":") || take(text, "："); }

}  // namespace

Week Week::of(Date date) { return {date - std::chrono::days(iso_day(Weekday(date)) - 1)}; }

LocalMoment Zone::local(base::WallTime wall) const {
  const std::chrono::local_time<std::chrono::milliseconds> shown(wall.time_since_epoch() + offset);
  const auto date = std::chrono::floor<std::chrono::days>(shown);
  return {date, shown - date};
}

base::WallTime Zone::wall(Date date, std::chrono::milliseconds time) const {
  return base::WallTime(date.time_since_epoch() + time - offset);
}

std::optional<Minutes> parse_time(std::string_view text) {
  text = trimmed(text);
  const HalfDay half = take_half_day(text);
  const auto hour = take_number(text, 2);
  if (!hour || !take_colon(text)) return std::nullopt;
  const std::size_t before = text.size();
  const auto minute = take_number(text, 2);
  if (!minute || before - text.size() != 2) return std::nullopt;
  if (take_colon(text) && !take(text, "00")) return std::nullopt;
  if (!text.empty() || *minute > 59) return std::nullopt;
  if (half == HalfDay::none) {
    if (*hour > 24 || (*hour == 24 && *minute != 0)) return std::nullopt;
    return Minutes(*hour * 60 + *minute);
  }
  if (*hour < 1 || *hour > 12) return std::nullopt;
  return Minutes((*hour % 12 + (half == HalfDay::afternoon ? 12 : 0)) * 60 + *minute);
}

std::optional<Weekday> parse_weekday(std::string_view text) {
  static constexpr std::array<std::array<std::string_view, 4>, 7> kNames = {{{"mon", "monday", "一", "1"},
                                                                             {"tue", "tuesday", "二", "2"},
                                                                             {"wed", "wednesday", "三", "3"},
                                                                             {"thu", "thursday", "四", "4"},
                                                                             {"fri", "friday", "五", "5"},
                                                                             {"sat", "saturday", "六", "6"},
                                                                             {"sun", "sunday", "日", "7"}}};
  text = trimmed(text);
  for (const std::string_view prefix : {"星期", "礼拜", "周"})
    if (take(text, prefix)) break;
  const std::string word = text == "天" ? "日" : lower(text);
  for (unsigned day = 0; day < kNames.size(); ++day)
    for (const std::string_view name : kNames.at(day))
      if (word == name) return Weekday((day + 1) % 7);
  return std::nullopt;
}

std::optional<Date> parse_date(std::string_view text) {
  text = trimmed(text);
  const auto year = take_number(text, 4);
  if (!year || *year < 2000 || *year > 2099) return std::nullopt;
  const bool chinese = take(text, "年");
  const std::string_view mark = text.substr(0, 1);
  if (!chinese && (mark.empty() || std::string_view("-/.").find(mark) == std::string_view::npos))
    return std::nullopt;
  if (!chinese) text.remove_prefix(1);
  const auto month = take_number(text, 2);
  if (!month || !take(text, chinese ? "月" : mark)) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || (chinese && !take(text, "日")) || !text.empty()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Date(date);
}

std::optional<Zone> parse_zone(std::string_view text) {
  text = trimmed(text);
  if (text == "Z" || text == "z") return Zone{0min};
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  if (text.size() != 5) return std::nullopt;
  const auto time = parse_time(text);
  if (!time || *time > 14h) return std::nullopt;
  return Zone{west ? -*time : *time};
}

std::string format_time(Minutes time) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%02d:%02d", static_cast<int>(time / 1h),
                static_cast<int>((time % 1h).count()));
  return out.data();
}

std::string format_date(Date date) {
  const std::chrono::year_month_day parts(date);
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(parts.year()),
                static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
  return out.data();
}

std::string format_zone(Zone zone) {
  return (zone.offset < 0min ? "-" : "+") + format_time(std::chrono::abs(zone.offset));
}

bool DayWindow::touches(Minutes start, Minutes end) const {
  const auto overlaps = [&](Minutes a, Minutes b) { return start < b && a < end; };
  if (from <= to) return overlaps(from, to);
  return overlaps(from, 24h) || overlaps(0min, to);
}

bool DayWindow::contains(std::chrono::milliseconds time) const {
  if (from <= to) return from <= time && time < to;
  return time >= from || time < to;
}

}  // namespace tongke::school::timetable
