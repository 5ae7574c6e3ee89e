#include "school/attendance/ledger.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tongke::school::attendance {
namespace {

constexpr std::array<std::string_view, kReachedCount> kReached = {"called", "messaged", "visited"};
constexpr std::array<std::string_view, kWayCount> kWays = {"none",    "tv",    "replay",
                                                           "package", "visit", "excused"};
constexpr std::array<std::string_view, kDeclaredCount> kDeclared = {"", "tv", "package", "excused"};
constexpr std::uint8_t kWayBits = 8;
constexpr std::uint8_t kEvidenceBits = 7;
constexpr std::int64_t kMaxWallMs = 253'402'300'800'000;  // the year 10000

std::optional<std::uint32_t> minute_of(base::WallTime at) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count();
  if (minutes < 0 || minutes > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(minutes);
}

base::WallTime start_of(std::uint32_t minute) { return base::WallTime(std::chrono::minutes(minute)); }

std::string line(char kind, std::uint64_t seat, std::uint64_t a) {
  return std::string(1, kind) + ' ' + std::to_string(seat) + ' ' + std::to_string(a);
}
std::string line(char kind, std::uint64_t seat, std::uint64_t a, std::uint64_t b) {
  return line(kind, seat, a) + ' ' + std::to_string(b);
}

/// The numbers behind a line's first letter; nullopt unless there are `count` of them.
std::optional<std::array<std::uint64_t, 3>> numbers(std::string_view text, std::size_t count) {
  std::array<std::uint64_t, 3> values{};
  for (std::size_t i = 0; i < count; ++i) {
    if (!text.starts_with(' ')) return std::nullopt;
    text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), values.at(i));
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  if (!text.empty() || values[0] > UINT32_MAX) return std::nullopt;
  return values;
}

base::WallTime wall(std::uint64_t ms) {
  return base::WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(ms)));
}

}  // namespace

std::string_view to_string(Reached by) noexcept { return kReached.at(static_cast<std::size_t>(by)); }
std::string_view to_string(Way way) noexcept { return kWays.at(static_cast<std::size_t>(way)); }
std::string_view to_string(Declared declared) noexcept {
  return kDeclared.at(static_cast<std::size_t>(declared));
}

Declared declared_by(Way way) noexcept {
  switch (way) {
    case Way::tv:
      return Declared::tv;
    case Way::package:
      return Declared::package;
    case Way::excused:
      return Declared::excused;
    case Way::none:
    case Way::replay:
    case Way::visit:
      break;
  }
  return Declared::nothing;
}

bool SeatRecord::add(std::uint32_t minute, std::uint8_t evidence) {
  auto at = minutes.end();
  // Nearly always the last one, or the one after it.
  if (!minutes.empty() && minutes.back().number >= minute)
    at = std::ranges::lower_bound(minutes, minute, {}, &Minute::number);
  if (at == minutes.end() || at->number != minute) at = minutes.insert(at, {minute, 0});
  const auto both = static_cast<std::uint8_t>(at->evidence | evidence);
  return std::exchange(at->evidence, both) != both;
}

std::optional<std::string> Ledger::note(std::uint32_t seat, Evidence evidence, base::WallTime at) {
  const auto minute = minute_of(at);
  if (!minute) return std::nullopt;
  const auto bit = static_cast<std::uint8_t>(evidence);
  if (!seats_[seat].add(*minute, bit)) return std::nullopt;
  return line('a', seat, *minute, bit);
}

std::optional<std::string> Ledger::note_replay(std::uint32_t seat, base::MediaTime at) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(at).count();
  if (minute < 0 || minute >= kMaxMediaMinutes) return std::nullopt;
  auto& replayed = seats_[seat].replayed;
  const auto index = static_cast<std::size_t>(minute);
  if (index >= replayed.size()) replayed.resize(index + 1);
  if (replayed[index]) return std::nullopt;
  replayed[index] = true;
  return line('r', seat, index);
}

std::optional<std::string> Ledger::declare(std::uint32_t seat, Declared way, base::WallTime at) {
  const auto ms = at.time_since_epoch().count();
  if (ms < 0 || ms > kMaxWallMs) return std::nullopt;
  SeatRecord& record = seats_[seat];
  if (record.declared == way) return std::nullopt;
  record.declared = way;
  record.declared_at = at;
  return line('d', seat, static_cast<std::uint64_t>(way), static_cast<std::uint64_t>(ms));
}

std::optional<std::string> Ledger::note_companion(std::uint32_t seat, std::uint8_t who, base::WallTime at) {
  const auto ms = at.time_since_epoch().count();
  if (ms < 0 || ms > kMaxWallMs) return std::nullopt;
  SeatRecord& record = seats_[seat];
  if (record.companion == who) return std::nullopt;
  record.companion = who;
  record.companion_since = at;
  return line('c', seat, who, static_cast<std::uint64_t>(ms));
}

std::optional<std::string> Ledger::note_contact(std::uint32_t seat, const Contact& contact) {
  const auto ms = contact.at.time_since_epoch().count();
  if (ms < 0 || ms > kMaxWallMs) return std::nullopt;
  SeatRecord& record = seats_[seat];
  if (record.contact == contact) return std::nullopt;
  record.contact = contact;
  const auto code =
      static_cast<std::uint64_t>(contact.by) * kWayBits + static_cast<std::uint64_t>(contact.way);
  return line('k', seat, code, static_cast<std::uint64_t>(ms));
}

bool Ledger::read(std::string_view text) {
  if (text.empty()) return false;
  const char kind = text.front();
  const auto values = numbers(text.substr(1), kind == 'r' ? 2 : 3);
  if (!values) return false;
  const auto seat = static_cast<std::uint32_t>((*values)[0]);
  const std::uint64_t a = (*values)[1];
  const std::uint64_t b = (*values)[2];
  switch (kind) {
    case 'a':
      if (a > UINT32_MAX || b == 0 || b > kEvidenceBits) return false;
      seats_[seat].add(static_cast<std::uint32_t>(a), static_cast<std::uint8_t>(b));
      return true;
    case 'r':
      if (a >= kMaxMediaMinutes) return false;
      (void)note_replay(seat, std::chrono::minutes(a));
      return true;
    case 'd':
      if (a >= kDeclaredCount || b > kMaxWallMs) return false;
      (void)declare(seat, static_cast<Declared>(a), wall(b));
      return true;
    case 'c':
      if (a > UINT8_MAX || b > kMaxWallMs) return false;
      (void)note_companion(seat, static_cast<std::uint8_t>(a), wall(b));
      return true;
    case 'k':
      if (a / kWayBits >= kReachedCount || a % kWayBits >= kWayCount || b > kMaxWallMs) return false;
      (void)note_contact(seat, {static_cast<Reached>(a / kWayBits), static_cast<Way>(a % kWayBits), wall(b)});
      return true;
    default:
      return false;
  }
}

std::optional<std::uint32_t> Ledger::seat_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto values = numbers(text.substr(1), text.front() == 'r' ? 2 : 3);
  if (!values) return std::nullopt;
  return static_cast<std::uint32_t>((*values)[0]);
}

bool Ledger::is_bare(std::string_view text) { return !text.starts_with('c') && !text.starts_with('k'); }

void Ledger::make_bare(std::uint32_t seat) {
  const auto found = seats_.find(seat);
  if (found == seats_.end()) return;
  found->second.contact.reset();
  found->second.companion = 0;
  found->second.companion_since = {};
}

const SeatRecord* Ledger::find(std::uint32_t seat) const {
  const auto found = seats_.find(seat);
  return found == seats_.end() ? nullptr : &found->second;
}

std::vector<Interval> intervals(const SeatRecord& seat, const Window& window) {
  std::vector<Interval> found;
  for (const auto& [minute, bits] : seat.minutes) {
    const Interval now{std::max(start_of(minute), window.from), std::min(start_of(minute + 1), window.to)};
    if (now.from >= now.to) continue;
    if (!found.empty() && now.from - found.back().to <= kBridge) {
      found.back().to = now.to;
    } else {
      found.push_back(now);
    }
  }
  return found;
}

std::chrono::milliseconds attended(const SeatRecord& seat, const Window& window) {
  std::chrono::milliseconds sum{0};
  for (const auto& interval : intervals(seat, window)) sum += interval.to - interval.from;
  return sum;
}

}  // namespace tongke::school::attendance
