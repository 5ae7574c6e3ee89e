#include "school/attendance/obligation.hpp"

#include <algorithm>
#include <cstdio>

namespace tongke::school::attendance {
namespace {

constexpr std::array<std::string_view, kStateCount> kNames = {"live",    "tv",      "late",
                                                              "package", "excused", "unresolved"};
constexpr int kLivePercent = 50;
constexpr int kLatePercent = 80;

bool by_tv_alone(const SeatRecord& seat, const Window& window) {
  for (const auto& [minute, bits] : seat.minutes) {
    const base::WallTime start{std::chrono::minutes(minute)};
    if (start >= window.to || start + std::chrono::minutes(1) <= window.from) continue;
    // A TV fetches media too; only a player elsewhere speaks for another device.
    if ((bits & static_cast<std::uint8_t>(Evidence::heartbeat)) != 0) return false;
    if ((bits & static_cast<std::uint8_t>(Evidence::tv)) == 0) return false;
  }
  return true;
}

/// Minutes of the lesson seen live or in the replay, of all.
bool saw_replay(const SeatRecord& seat, const Window& window) {
  if (window.to <= window.from) return false;
  // A last minute of a few seconds may have no media in it.
  const auto length =
      std::max<std::int64_t>(std::chrono::round<std::chrono::minutes>(window.to - window.from).count(), 1);
  if (std::ranges::find(seat.replayed, true) == seat.replayed.end()) return false;
  std::vector<bool> seen = seat.replayed;
  seen.resize(static_cast<std::size_t>(length));
  for (const auto& interval : intervals(seat, window)) {
    const auto first = std::chrono::floor<std::chrono::minutes>(interval.from - window.from).count();
    const auto last = std::chrono::ceil<std::chrono::minutes>(interval.to - window.from).count();
    for (auto minute = first; minute < std::min(last, length); ++minute)
      seen[static_cast<std::size_t>(minute)] = true;
  }
  return std::ranges::count(seen, true) * 100 >= length * kLatePercent;
}

std::string clock_text(base::WallTime at, std::chrono::minutes utc_offset, bool date) {
  const auto local = at + utc_offset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day ymd(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(local - day));
  std::array<char, 48> text{};
  const auto hour = static_cast<int>(time.hours().count());
  const auto minute = static_cast<int>(time.minutes().count());
  const auto second = static_cast<int>(time.seconds().count());
  if (date) {
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(ymd.year()),
                  static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), hour, minute, second);
  } else {
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", hour, minute, second);
  }
  return text.data();
}

/// A cell that no spreadsheet takes for a formula.
void put_cell(std::string& out, std::string_view text) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  if (!formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  if (formula) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void put_row(std::string& out, std::span<const std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    put_cell(out, cells[i]);
  }
  out += "\r\n";
}

}  // namespace

std::string_view to_string(State state) noexcept { return kNames.at(static_cast<std::size_t>(state)); }

State state_of(const SeatRecord* seat, const Window& window) {
  if (seat == nullptr) return State::unresolved;
  const auto length = std::max(window.to - window.from, base::WallTime::duration(0));
  const auto there = attended(*seat, window);
  if (there.count() > 0 && there * 100 >= length * kLivePercent) {
    return by_tv_alone(*seat, window) ? State::tv : State::live;
  }
  if (saw_replay(*seat, window)) return State::late;
  switch (seat->declared) {
    case Declared::tv:
      return State::tv;
    case Declared::package:
      return State::package;
    case Declared::excused:
      return State::excused;
    case Declared::nothing:
      break;
  }
  return State::unresolved;
}

StateCounts count(const Ledger& ledger, Roster roster, const Window& window) {
  StateCounts counts{};
  for (const auto& pupil : roster)
    ++counts.at(static_cast<std::size_t>(state_of(ledger.find(pupil.seat), window)));
  return counts;
}

std::vector<std::uint32_t> absent(const Ledger& ledger, Roster roster, const Window& window) {
  std::vector<std::uint32_t> missing;
  if (window.to - window.from < kAbsentAfter) return missing;
  for (const auto& pupil : roster) {
    const SeatRecord* const seat = ledger.find(pupil.seat);
    const bool known =
        seat != nullptr && (seat->declared != Declared::nothing || attended(*seat, window).count() > 0);
    if (!known) missing.push_back(pupil.seat);
  }
  return missing;
}

std::string csv(const Ledger& ledger, Roster roster, const Window& window,
                std::span<const std::string> heading, std::chrono::minutes utc_offset) {
  std::string out = "\xEF\xBB\xBF";
  put_row(out, heading);
  const SeatRecord nothing;
  for (const auto& pupil : roster) {
    const SeatRecord* const found = ledger.find(pupil.seat);
    const SeatRecord& seat = found == nullptr ? nothing : *found;
    const auto there = intervals(seat, window);
    std::string list;
    for (const auto& interval : there) {
      if (!list.empty()) list += ' ';
      list += clock_text(interval.from, utc_offset, false) + "-" + clock_text(interval.to, utc_offset, false);
    }
    const std::array<std::string, 8> cells = {
        std::to_string(pupil.seat),
        pupil.label,
        std::string(to_string(state_of(found, window))),
        std::string(to_string(seat.declared)),
        std::to_string(std::chrono::round<std::chrono::minutes>(attended(seat, window)).count()),
        there.empty() ? std::string() : clock_text(there.front().from, utc_offset, true),
        there.empty() ? std::string() : clock_text(there.back().to, utc_offset, true),
        list};
    put_row(out, cells);
  }
  return out;
}

}  // namespace tongke::school::attendance
