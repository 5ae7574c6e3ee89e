#include "school/timetable/import_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable {
namespace {

using base::Errc;
using base::Error;
using Why = BadCell::Why;
using Cells = std::vector<std::string>;

constexpr std::size_t kMaxText = 500;  // code points of advice and of a way to check

/// Where each column is, if the file has it.
using Layout = std::array<std::optional<std::size_t>, kColumnCount>;

/// Takes the first of several names off `rest`; offices write any of these between them.
std::string_view next_name(std::string_view& rest) {
  constexpr std::array<std::string_view, 5> kBetween = {",", ";", "、", "，", "；"};
  std::size_t end = rest.size();
  std::size_t length = 0;
  for (const std::string_view mark : kBetween) {
    const std::size_t at = rest.find(mark);
    if (at >= end) continue;
    end = at;
    length = mark.size();
  }
  const std::string_view name = rest.substr(0, end);
  rest.remove_prefix(end + length);
  return name;
}

/// One line on its way to becoming a row; collects every reason against it.
class Line {
 public:
  Line(std::size_t number, const Cells& cells, const Layout& layout, const Directory& directory)
      : cells_(cells), layout_(layout), directory_(directory) {
    out_.line = number;
  }

  [[nodiscard]] std::vector<BadCell> read() {
    read_scope();
    read_day();
    read_times();
    read_what();
    read_card();
    return std::move(bad_);
  }
  [[nodiscard]] ImportedRow take_row() { return std::move(out_); }

 private:
  [[nodiscard]] std::string_view cell(Column column) const {
    const auto at = layout_.at(static_cast<std::size_t>(column));
    return at && *at < cells_.size() ? trimmed(cells_[*at]) : std::string_view();
  }
  void complain(Column column, Why why) { bad_.push_back({out_.line, column, why}); }

  /// Reads a cell that may be empty into `target`.
  template <class Target, class Read>
  void read_into(Target& target, Column column, Why why, Read reading) {
    const std::string_view text = cell(column);
    if (text.empty()) return;
    if (auto value = reading(text)) {
      target = *value;
    } else {
      complain(column, why);
    }
  }

  void read_scope() {
    Scope& scope = out_.scope;
    read_into(scope.school, Column::school, Why::unknown, directory_.school);
    school_ = scope.school;
    read_into(scope.stage, Column::stage, Why::malformed, stage_word);
    read_into(scope.grade, Column::grade, Why::malformed, grade_word);
    read_into(scope.class_id, Column::class_name, Why::unknown,
              [&](std::string_view name) { return directory_.class_named(school_, name); });
    if (scope.class_id) scope = {.class_id = scope.class_id};  // the class says the rest
    for (std::string_view rest = cell(Column::groups); !rest.empty();) {
      const std::string_view name = trimmed(next_name(rest));
      if (name.empty()) continue;
      if (const auto group = directory_.group(school_, name)) {
        out_.row.slot.groups.push_back(*group);
      } else {
        complain(Column::groups, Why::unknown);
      }
    }
    const bool all = !scope.stage && !scope.grade && !scope.school && !scope.class_id;
    const bool tried =
        std::ranges::any_of(std::array{Column::school, Column::stage, Column::grade, Column::class_name},
                            [&](Column column) { return !cell(column).empty(); });
    if (all && !tried) complain(Column::class_name, Why::missing);
  }

  void read_day() {
    std::optional<Weekday> weekday;
    std::optional<Date> date;
    read_into(weekday, Column::weekday, Why::malformed, parse_weekday);
    read_into(date, Column::date, Why::malformed, parse_date);
    if (cell(Column::weekday).empty() && cell(Column::date).empty()) complain(Column::weekday, Why::missing);
    if (date) {
      out_.week = Week::of(*date);
      if (weekday && *weekday != Weekday(*date)) complain(Column::weekday, Why::contradiction);
      weekday = Weekday(*date);
    }
    if (weekday) out_.row.slot.day = *weekday;
    read_into(out_.row.slot.period, Column::period, Why::malformed, period_word);
  }

  void read_times() {
    const std::string_view text = cell(Column::start);
    if (text.empty()) return complain(Column::start, Why::missing);
    std::optional<Minutes> end;
    std::optional<Minutes> length;
    std::optional<Minutes> start = parse_time(text);
    if (const auto range = time_range_word(text)) {
      start = range->first;
      end = range->second;
    }
    if (!start) return complain(Column::start, Why::malformed);
    if (end && !cell(Column::end).empty() && parse_time(cell(Column::end)) != end)
      return complain(Column::end, Why::contradiction);
    if (!end) read_into(end, Column::end, Why::malformed, parse_time);
    read_into(length, Column::minutes, Why::malformed, [](std::string_view digits) {
      const auto number = take_number(digits, 3);
      return number && digits.empty() && *number > 0 ? std::optional(Minutes(*number)) : std::nullopt;
    });
    Slot& slot = out_.row.slot;
    slot.start = *start;
    if (length) slot.length = *length;
    if (end && length && *end != *start + *length) return complain(Column::minutes, Why::contradiction);
    if (end) slot.length = *end - *start;
    const bool failed =
        !bad_.empty() && (bad_.back().column == Column::end || bad_.back().column == Column::minutes);
    if (!end && !length && !failed) return complain(Column::end, Why::missing);
    if (slot.length <= Minutes(0) && !failed) return complain(Column::end, Why::contradiction);
    if (slot.end() > std::chrono::hours(24)) complain(Column::minutes, Why::contradiction);
  }

  void read_what() {
    Slot& slot = out_.row.slot;
    KindWord kind;
    read_into(kind, Column::kind, Why::malformed, kind_word);
    slot.kind = kind.kind;
    out_.row.blank = kind.blank;
    read_into(slot.delivery, Column::delivery, Why::malformed, delivery_word);
    read_into(slot.subject, Column::subject, Why::unknown, directory_.subject);
    read_into(slot.lead, Column::lead, Why::unknown,
              [&](std::string_view name) { return directory_.teacher(school_, name); });
    read_into(slot.place, Column::place, Why::unknown,
              [&](std::string_view name) { return directory_.place(school_, name); });
  }

  void read_card() {
    Card& card = out_.row.slot.card;
    const auto read_text = [&](std::string& target, Column column, std::size_t most) {
      target = cell(column);
      if (code_points(target) > most) complain(column, Why::too_long);
    };
    read_text(card.goal, Column::goal, kMaxGoal);
    read_text(card.advice, Column::advice, kMaxText);
    card.evaluation = evaluation_word(cell(Column::evaluation));
    if (card.evaluation == Evaluation::text) read_text(card.evaluation_text, Column::evaluation, kMaxText);
  }

  const Cells& cells_;
  const Layout& layout_;
  const Directory& directory_;
  std::optional<SchoolId> school_;
  ImportedRow out_;
  std::vector<BadCell> bad_;
};

base::Result<Layout> layout_of(const Cells& header, std::vector<std::string>& ignored) {
  Layout layout;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto column = column_from(header[i]);
    if (!column) {
      if (!trimmed(header[i]).empty()) ignored.emplace_back(trimmed(header[i]));
      continue;
    }
    auto& place = layout.at(static_cast<std::size_t>(*column));
    if (place) return Error{Errc::invalid, "a column comes twice", std::string(to_string(*column))};
    place = i;
  }
  const auto has = [&](Column column) { return layout.at(static_cast<std::size_t>(column)).has_value(); };
  if (!has(Column::weekday) && !has(Column::date))
    return Error{Errc::invalid, "there is no column for the weekday or the date", "weekday"};
  if (!has(Column::start)) return Error{Errc::invalid, "there is no column for the start", "start"};
  return layout;
}

}  // namespace

std::string_view to_string(BadCell::Why why) noexcept {
  static constexpr std::array<std::string_view, 5> kNames = {"missing", "malformed", "unknown", "too_long",
                                                             "contradiction"};
  return kNames.at(static_cast<std::size_t>(why));
}

base::Result<ImportedRows> import_rows(std::span<const Cells> lines, const Directory& directory) {
  if (lines.empty()) return Error{Errc::invalid, "the file is empty", "header"};
  ImportedRows out;
  const auto layout = layout_of(lines.front(), out.ignored);
  if (!layout) return layout.error();
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (std::ranges::all_of(lines[i], [](const std::string& cell) { return trimmed(cell).empty(); }))
      continue;
    Line line(i + 1, lines[i], *layout, directory);
    const std::vector<BadCell> bad = line.read();
    if (bad.empty()) {
      out.rows.push_back(line.take_row());
    } else {
      out.bad.insert(out.bad.end(), bad.begin(), bad.end());
    }
  }
  return out;
}

}  // namespace tongke::school::timetable
