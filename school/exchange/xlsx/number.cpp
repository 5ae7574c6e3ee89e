#include "school/exchange/xlsx/number.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "school/timetable/when.hpp"

namespace tongke::school::exchange::xlsx {
namespace {

constexpr double kDaySeconds = 86400;
/// Spreadsheets keep fifteen digits.
constexpr double kExact = 1e15;
/// The last day they know: 9999-12-31.
constexpr double kLastDay = 2958466;
constexpr int k1904 = 1462;

/// A format without what stands for itself: quoted text, escaped letters, colours and currencies.
/// Elapsed hours and minutes in brackets stay.
std::string placeholders(std::string_view code) {
  std::string left;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '"') {
      const auto end = code.find('"', i + 1);
      if (end == std::string_view::npos) break;
      i = end;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      const auto end = code.find(']', i);
      if (end == std::string_view::npos) break;
      const char first = i + 1 < end ? static_cast<char>(code[i + 1] | 0x20) : ' ';
      const bool elapsed =
          code.substr(i + 1, end - i - 1).find_first_not_of("hHmMsS") == std::string_view::npos;
      if (elapsed) left += first;
      i = end;
    } else {
      left += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
  }
  return left;
}

std::string days_text(long days) {
  constexpr timetable::Date kZero{std::chrono::local_days{std::chrono::year{1899} / 12 / 30}};
  return timetable::format_date(kZero + std::chrono::days{days});
}

std::string seconds_text(long seconds) {
  std::string text = timetable::format_time(std::chrono::minutes(seconds / 60));
  if (seconds % 60 != 0) text += (seconds % 60 < 10 ? ":0" : ":") + std::to_string(seconds % 60);
  return text;
}

std::string plain_text(double value) {
  std::array<char, 64> out{};
  if (std::floor(value) == value && std::abs(value) < kExact) {
    const auto end = std::to_chars(out.data(), out.data() + out.size(), static_cast<long long>(value)).ptr;
    return {out.data(), end};
  }
  std::snprintf(out.data(), out.size(), std::abs(value) < kExact ? "%.15g" : "%.14E", value);
  return out.data();
}

}  // namespace

Show show_of(unsigned builtin) noexcept {
  if (builtin == 22) return Show::moment;
  if ((builtin >= 14 && builtin <= 17) || (builtin >= 27 && builtin <= 31) || builtin == 36 ||
      (builtin >= 50 && builtin <= 54) || builtin == 57 || builtin == 58)
    return Show::date;
  if ((builtin >= 18 && builtin <= 21) || (builtin >= 32 && builtin <= 35) ||
      (builtin >= 45 && builtin <= 47) || builtin == 55 || builtin == 56)
    return Show::time;
  return Show::number;
}

Show show_of(std::string_view code) {
  const std::string left = placeholders(code);
  const auto has = [&](const char* letters) { return left.find_first_of(letters) != std::string::npos; };
  if (left.find("general") != std::string::npos) return Show::number;
  const bool time = has("hs");
  const bool date = has("yd") || (has("m") && !time);
  if (date && time) return Show::moment;
  return date ? Show::date : time ? Show::time : Show::number;
}

std::string number_text(std::string_view number, Show show, bool is_1904) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(value))
    return std::string(number);
  if (show == Show::number || value < 0 || value >= kLastDay) return plain_text(value);
  // Whole seconds first: 07:59:59.9999999 is eight o'clock.
  const auto seconds = static_cast<long long>(std::llround(value * kDaySeconds));
  const auto days = static_cast<long>(seconds / 86400) + (is_1904 ? k1904 : 0);
  const auto rest = static_cast<long>(seconds % 86400);
  if (show == Show::time) return seconds_text(rest);
  if (show == Show::date || rest == 0) return days_text(days);
  return days_text(days) + ' ' + seconds_text(rest);
}

}  // namespace tongke::school::exchange::xlsx
