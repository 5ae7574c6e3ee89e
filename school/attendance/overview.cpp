#include "school/attendance/overview.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "school/exchange/names.hpp"
#include "school/timetable/when.hpp"

namespace tongke::school::attendance {
namespace {

constexpr std::array<std::string_view, 3> kBy = {"lesson", "class", "school"};
constexpr std::array<const char*, 8> kColumns = {"column.date",     "column.begins", "column.lesson",
                                                 "column.school",   "column.class",  "column.lessons",
                                                 "column.expected", "column.absent"};

/// Schools by name, classes as in a school's own list.
auto place_of(const people::Directory& people, const OverviewLine& line) {
  const auto* const school = people.find(line.school);
  const auto* const row = people.find(line.original_class);
  return std::tuple(school ? std::string_view(school->name) : std::string_view(),
                    row ? row->grade : people::Grade{0}, row ? row->number : std::uint16_t{0},
                    line.original_class);
}

}  // namespace

std::optional<OverviewBy> overview_by_from(std::string_view name) noexcept {
  const auto found = std::ranges::find(kBy, name);
  return found == kBy.end() ? std::nullopt : std::optional(static_cast<OverviewBy>(found - kBy.begin()));
}

OverviewLine overview_line(const people::Directory& people, const Lesson& lesson, const ClassReport& report) {
  OverviewLine line{.lesson = lesson,
                    .school = people.find(report.original_class)->school,
                    .original_class = report.original_class,
                    .expected = static_cast<std::uint32_t>(report.pupils.size()),
                    .absent = report.absent,
                    .counts = report.counts};
  for (const PupilReport& pupil : report.pupils) {
    line.attended += pupil.attended;
    line.replayed += pupil.replayed;
  }
  return line;
}

std::vector<OverviewLine> summed(const people::Directory& people, std::vector<OverviewLine> lines,
                                 OverviewBy by) {
  const auto ordered = [&](std::vector<OverviewLine> all) {
    std::ranges::stable_sort(all, [&](const OverviewLine& one, const OverviewLine& other) {
      const auto at = [](const OverviewLine& line) {
        return line.lesson ? std::pair(line.lesson->started, line.lesson->id)
                           : std::pair<std::optional<base::WallTime>, std::string>();
      };
      return std::pair(at(one), place_of(people, one)) < std::pair(at(other), place_of(people, other));
    });
    return all;
  };
  if (by == OverviewBy::lesson) return ordered(std::move(lines));
  std::map<std::pair<people::SchoolId, people::ClassId>, OverviewLine> sums;
  std::map<std::pair<people::SchoolId, people::ClassId>, std::set<std::string>> lessons;
  for (const OverviewLine& line : lines) {
    const auto original_class = by == OverviewBy::school ? people::ClassId() : line.original_class;
    const std::pair key(line.school, original_class);
    OverviewLine& sum =
        sums.try_emplace(key, OverviewLine{.school = line.school, .original_class = original_class})
            .first->second;
    sum.expected += line.expected;
    sum.absent += line.absent;
    sum.attended += line.attended;
    sum.replayed += line.replayed;
    for (std::size_t i = 0; i < kStateCount; ++i) sum.counts.at(i) += line.counts.at(i);
    // A joint lesson is one lesson of a school, whatever number of its classes were in it.
    lessons[key].insert(line.lesson->id);
    sum.lessons = static_cast<std::uint32_t>(lessons[key].size());
  }
  std::vector<OverviewLine> all;
  for (auto& [key, sum] : sums) all.push_back(std::move(sum));
  return ordered(std::move(all));
}

exchange::Sheet overview_sheet(const people::Directory& people, const std::vector<OverviewLine>& lines,
                               Language language, std::chrono::minutes utc_offset) {
  const timetable::Zone zone{utc_offset};
  exchange::Sheet sheet{.title = text("sheet.attendance", language)};
  for (const char* column : kColumns) sheet.header.push_back(text(column, language));
  for (std::size_t i = 0; i < kStateCount; ++i)
    sheet.header.push_back(text("state." + std::string(to_string(static_cast<State>(i))), language));
  for (const char* column : {"column.minutes_of_all", "column.replay_minutes_of_all"})
    sheet.header.push_back(text(column, language));
  for (const OverviewLine& line : lines) {
    const auto* const school = people.find(line.school);
    const auto* const row = people.find(line.original_class);
    std::vector<std::string> cells(3);
    if (line.lesson) {
      const auto began = zone.local(line.lesson->started.value_or(line.lesson->created));
      cells = {timetable::format_date(began.date),
               timetable::format_time(std::chrono::floor<timetable::Minutes>(began.time)),
               line.lesson->title};
    }
    cells.push_back(school ? school->name : std::string());
    cells.push_back(row ? exchange::class_label({row->grade, row->number}) : std::string());
    for (const std::uint32_t number : {line.lessons, line.expected, line.absent})
      cells.push_back(std::to_string(number));
    for (const auto count : line.counts) cells.push_back(std::to_string(count));
    for (const auto minutes : {line.attended, line.replayed})
      cells.push_back(std::to_string(minutes.count()));
    sheet.rows.push_back(std::move(cells));
  }
  return sheet;
}

}  // namespace tongke::school::attendance
