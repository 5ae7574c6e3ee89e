#include "relay/hls/text.hpp"

#include <array>
#include <cstdint>

namespace tongke::relay::hls {

namespace {

void append_digits(std::string& text, std::uint64_t number, int width) {
  std::array<char, 20> digits{};
  for (int i = width - 1; i >= 0; --i, number /= 10) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + number % 10);
  }
  text.append(digits.data(), static_cast<std::size_t>(width));
}

}  // namespace

void append_seconds(std::string& text, base::MediaTime duration) {
  const auto units = static_cast<std::uint64_t>((duration.count() + 5) / 10);
  text += std::to_string(units / 100'000);
  text += '.';
  append_digits(text, units % 100'000, 5);
}

void append_date(std::string& text, base::WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  append_digits(text, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.day()), 2);
  text += 'T';
  append_digits(text, static_cast<std::uint64_t>(clock.hours().count()), 2);
  text += ':';
  append_digits(text, static_cast<std::uint64_t>(clock.minutes().count()), 2);
  text += ':';
  append_digits(text, static_cast<std::uint64_t>(clock.seconds().count()), 2);
  text += '.';
  append_digits(text, static_cast<std::uint64_t>(clock.subseconds().count()), 3);
  text += 'Z';
}

}  // namespace tongke::relay::hls
