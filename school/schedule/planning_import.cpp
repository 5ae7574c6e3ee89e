#include <algorithm>
#include <tuple>

#include "school/exchange/names.hpp"
#include "school/exchange/rows.hpp"
#include "school/schedule/bridge.hpp"
#include "school/schedule/planning.hpp"
#include "school/timetable/import_matrix.hpp"

namespace tongke::school::schedule {
namespace {

namespace tt = timetable;
using base::Errc;
using base::Error;
using Lines = std::vector<std::vector<std::string>>;

// Which row of a sheet a line of a file means: the same cell and groups; a row without a period
// is known by when it begins.
auto place_in_sheet(const tt::Row& row) {
  const tt::Slot& slot = row.slot;
  return std::tuple(tt::iso_day(slot.day), slot.period, slot.period == 0 ? slot.start : tt::Minutes(0),
                    slot.groups);
}

// Lines as the file counts them, with those that are empty.
Lines lines_of(std::vector<exchange::CsvRow> rows) {
  Lines lines;
  for (exchange::CsvRow& row : rows) {
    lines.resize(std::max(lines.size(), row.line));
    lines[row.line - 1] = std::move(row.fields);
  }
  return lines;
}

// A title may stand above the header.
std::size_t header_of(const Lines& lines) {
  const auto known = [](const std::string& cell) { return tt::column_from(cell).has_value(); };
  const auto found = std::ranges::find_if(
      lines, [&](const auto& cells) { return std::ranges::count_if(cells, known) >= 2; });
  return found == lines.end() ? 0 : static_cast<std::size_t>(found - lines.begin());
}

struct HoursHeader {
  std::size_t line = 0;
  std::size_t grade = 0;
  std::size_t subject = 0;
  std::size_t lessons = 0;
};

std::optional<HoursHeader> hours_header(const Lines& lines) {
  const auto at = [](const std::vector<std::string>& cells, std::initializer_list<std::string_view> words) {
    const auto found = std::ranges::find_if(cells, [&](const std::string& cell) {
      return std::ranges::find(words, exchange::plain(cell)) != words.end();
    });
    return found == cells.end() ? std::optional<std::size_t>()
                                : static_cast<std::size_t>(found - cells.begin());
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto lessons = at(lines[i], {"周课时", "周课时数", "每周课时", "weekly_hours", "weekly hours"});
    if (!lessons) continue;
    const auto grade = at(lines[i], {"年级", "grade"});
    const auto subject = at(lines[i], {"学科", "科目", "subject"});
    if (grade && subject) return HoursHeader{i, *grade, *subject, *lessons};
  }
  return std::nullopt;
}

void read_hours(const people::Directory& people, const Timetable& timetable, const Lines& lines,
                const HoursHeader& header, ImportPlan& plan) {
  using Why = tt::BadCell::Why;
  plan.weekly_hours = true;
  WeeklyHours hours = timetable.weekly_hours;
  for (std::size_t i = header.line + 1; i < lines.size(); ++i) {
    const auto cell = [&](std::size_t at) {
      return at < lines[i].size() ? exchange::trimmed(lines[i][at]) : std::string();
    };
    if (lines[i].empty()) continue;
    const auto grade = tt::grade_word(cell(header.grade));
    const auto* subject = people.subject_named(cell(header.subject));
    const std::string number = cell(header.lessons);
    const bool digits =
        !number.empty() && number.size() <= 2 && number.find_first_not_of("0123456789") == std::string::npos;
    if (!grade) plan.problems.push_back({i + 1, 0, Why::malformed, "grade"});
    if (!subject) plan.problems.push_back({i + 1, 0, Why::unknown, "subject"});
    if (!digits) plan.problems.push_back({i + 1, 0, Why::malformed, "weekly_hours"});
    if (!grade || !subject || !digits) continue;
    ++plan.rows;
    int& limit = hours.try_emplace({*grade, tt::SubjectId{subject->id.value}}, -1).first->second;
    const int wanted = std::stoi(number);
    ++(limit == wanted ? plan.unchanged : limit < 0 ? plan.created : plan.updated);
    limit = wanted;
  }
  if (hours != timetable.weekly_hours) plan.changes.weekly_hours = std::move(hours);
}

/// Puts rows of a file into the drafts they belong to.
class Merger {
 public:
  Merger(const Timetable& timetable, bool replace, ImportPlan& plan)
      : timetable_(timetable), replace_(replace), plan_(plan) {}

  void add(const tt::ImportedRow& imported) {
    Work& work = sheet({imported.scope, imported.week});
    tt::Row row = imported.row;
    const auto place = place_in_sheet(row);
    const auto known =
        std::ranges::find_if(work.rows, [&](const tt::Row& r) { return place_in_sheet(r) == place; });
    if (known == work.rows.end()) {
      row.slot.id = tt::SlotId{timetable_.next_row + plan_.changes.rows_used++};
      ++plan_.created;
      work.seen.push_back(row.slot.id);
      work.rows.push_back(std::move(row));
      return;
    }
    row.slot.id = known->slot.id;
    work.seen.push_back(row.slot.id);
    const bool same = known->slot == row.slot && known->blank == row.blank;
    ++(same ? plan_.unchanged : plan_.updated);
    *known = std::move(row);
  }

  void finish() {
    for (auto& [key, work] : works_) {
      if (replace_) {
        plan_.removed += std::erase_if(work.rows, [&seen = work.seen](const tt::Row& row) {
          return std::ranges::find(seen, row.slot.id) == seen.end();
        });
      }
      const auto before = timetable_.drafts.find(key);
      const auto same = [](const tt::Row& a, const tt::Row& b) {
        return a.slot == b.slot && a.blank == b.blank;
      };
      if (before != timetable_.drafts.end() && std::ranges::equal(before->second, work.rows, same)) continue;
      plan_.changes.drafts.emplace(key, std::move(work.rows));
    }
  }

 private:
  struct Work {
    Rows rows;
    std::vector<tt::SlotId> seen;
  };
  Work& sheet(const SheetKey& key) {
    const auto [entry, is_new] = works_.try_emplace(key);
    if (is_new) {
      const auto draft = timetable_.drafts.find(key);
      if (draft != timetable_.drafts.end()) entry->second.rows = draft->second;
    }
    return entry->second;
  }

  const Timetable& timetable_;
  const bool replace_;
  ImportPlan& plan_;
  std::map<SheetKey, Work> works_;
};

}  // namespace

base::Result<ImportPlan> plan_import(const people::Directory& people, const Timetable& timetable,
                                     base::ByteView file, const ImportWish& wish) {
  auto read_file = exchange::read_rows(file);
  if (!read_file) return std::move(read_file).error();
  if (read_file->open_quote)
    return Error{Errc::invalid,
                 "a quote that nothing closes in line " + std::to_string(*read_file->open_quote), "file"};
  Lines lines = lines_of(std::move(read_file->rows));
  ImportPlan plan;
  if (const auto hours = hours_header(lines)) {
    read_hours(people, timetable, lines, *hours, plan);
    return plan;
  }
  const auto matrix = tt::unroll_matrix(lines);
  const std::size_t header = matrix ? 0 : header_of(lines);
  if (matrix) lines = matrix->lines;
  NameFinder names(people, timetable, wish.school);
  const auto read = tt::import_rows(std::span(lines).subspan(header), names.directory());
  if (!read) return Error(read.error());
  Merger merger(timetable, wish.replace, plan);
  for (const tt::ImportedRow& row : read->rows) merger.add(row);
  merger.finish();
  plan.rows = read->rows.size();
  plan.ignored = read->ignored;
  plan.changes.new_places = names.new_places();
  for (const tt::BadCell& bad : read->bad) {
    const auto origin = matrix ? matrix->origins[bad.line - 1] : tt::Unrolled::Origin{bad.line + header, 0};
    plan.problems.push_back({origin.line, origin.column, bad.why, std::string(to_string(bad.column))});
  }
  return plan;
}

}  // namespace tongke::school::schedule
