#include "school/attendance/class_report.hpp"

#include <algorithm>
#include <array>

#include "school/timetable/when.hpp"
#include "school/token.hpp"

namespace tongke::school::attendance {
namespace {

constexpr std::array<const char*, 10> kColumns = {
    "column.pupil_number", "column.name",           "column.state",      "column.declared",
    "column.minutes",      "column.replay_minutes", "column.first_seen", "column.last_seen",
    "column.contact_by",   "column.contact_way"};

std::string word(std::string_view group, std::string_view key, Language language) {
  return key.empty() ? std::string() : text(std::string(group).append(key), language);
}

}  // namespace

Window window_of(const Lesson& lesson, base::WallTime now) {
  if (!lesson.started) return {now, now};
  return {*lesson.started, std::max(lesson.ended.value_or(now), *lesson.started)};
}

bool is_overdue(const PupilReport& line, const Window& window, base::WallTime now) noexcept {
  return line.state == State::unresolved && window.to > window.from && now - window.from >= kOverdueAfter;
}

std::optional<LastDevice> last_device(const SeatRecord* seat) {
  if (seat == nullptr || seat->minutes.empty()) return std::nullopt;
  const auto& last = seat->minutes.back();
  const auto has = [&](Evidence evidence) {
    return (last.evidence & static_cast<std::uint8_t>(evidence)) != 0;
  };
  // A phone that steers a television says less about where the child sat than the television.
  const auto by = has(Evidence::tv)          ? Evidence::tv
                  : has(Evidence::heartbeat) ? Evidence::heartbeat
                                             : Evidence::media;
  return LastDevice{.by = by, .at = base::WallTime(std::chrono::minutes(last.number))};
}

PupilReport report_of(const Place& place, const SeatRecord* seat, const Window& window) {
  PupilReport line{
      .pupil = place.pupil, .room = place.room, .state = state_of(seat, window), .seen = {}, .contact = {}};
  bool there = false;
  if (seat != nullptr) {
    line.declared = seat->declared;
    line.contact = seat->contact;
    line.attended = std::chrono::round<std::chrono::minutes>(attended(*seat, window));
    line.replayed = std::chrono::minutes(std::ranges::count(seat->replayed, true));
    const auto stays = intervals(*seat, window);
    there = !stays.empty();
    if (there) line.seen = Interval{stays.front().from, stays.back().to};
  }
  // Who saw the replay is late, not absent, though nobody saw him then.
  line.absent = !there && line.state == State::unresolved && window.to - window.from >= kAbsentAfter;
  return line;
}

std::vector<ClassReport> report(const people::Directory& people, const Arrangement& lesson,
                                const Ledger& ledger, const Window& window) {
  std::vector<ClassReport> reports;
  for (const auto& list : by_original_class(people, lesson)) {
    ClassReport& report = reports.emplace_back();
    report.original_class = list.original_class;
    for (const Place& place : list.places) {
      if (!place.room) continue;
      const auto line = report_of(place, ledger.find(kRosterSeats + place.pupil.value), window);
      ++report.counts.at(static_cast<std::size_t>(line.state));
      if (line.absent) ++report.absent;
      report.pupils.push_back(line);
    }
    std::ranges::stable_sort(report.pupils, {}, [&](const PupilReport& line) {
      return std::string_view(people.find(line.pupil)->number);
    });
  }
  return reports;
}

exchange::Sheet sheet(const people::Directory& people, const ClassReport& report, Language language,
                      std::chrono::minutes utc_offset) {
  const auto clock = [zone = timetable::Zone{utc_offset}](base::WallTime at) {
    return timetable::format_time(std::chrono::floor<timetable::Minutes>(zone.local(at).time));
  };
  exchange::Sheet sheet{.title = text("sheet.attendance", language)};
  for (const char* column : kColumns) sheet.header.push_back(text(column, language));
  for (const PupilReport& line : report.pupils) {
    const auto& pupil = *people.find(line.pupil);
    sheet.rows.push_back(
        {pupil.number, pupil.name, word("state.", to_string(line.state), language),
         word("state.", to_string(line.declared), language), std::to_string(line.attended.count()),
         std::to_string(line.replayed.count()), line.seen ? clock(line.seen->from) : std::string(),
         line.seen ? clock(line.seen->to) : std::string(),
         line.contact ? word("contact.", to_string(line.contact->by), language) : std::string(),
         line.contact ? word("way.", to_string(line.contact->way), language) : std::string()});
  }
  return sheet;
}

}  // namespace tongke::school::attendance
