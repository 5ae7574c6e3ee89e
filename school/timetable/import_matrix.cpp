#include "school/timetable/import_matrix.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "school/timetable/import_words.hpp"
#include "school/timetable/text_pieces.hpp"
#include "school/timetable/when.hpp"

namespace tongke::school::timetable {
namespace {

using Cells = std::vector<std::string>;

/// A weekday as a heading: a bare number could as well be a period.
bool is_weekday(std::string_view cell) {
  cell = trimmed(cell);
  const bool digit = !cell.empty() && cell.front() >= '0' && cell.front() <= '9';
  return !digit && parse_weekday(cell).has_value();
}

bool is_heading(const Cells& cells) { return std::ranges::count_if(cells, is_weekday) >= 2; }

/// "三年级2班课程表" without what only says that it is a timetable.
std::string_view without_title(std::string_view text) {
  for (const std::string_view word : {"作息时间表", "线上课程表", "课程表", "课表", "时间表", "timetable"}) {
    if (text.ends_with(word)) return trimmed(text.substr(0, text.size() - word.size()));
  }
  return text;
}

struct Block {
  std::string school;
  std::string class_name;
};

/// The class that a title line names, with the school before it if there is one.
std::optional<Block> block_of(const Cells& cells) {
  for (const std::string& cell : cells) {
    const std::string_view text = without_title(trimmed(cell));
    const bool numbered = text.find_first_of("0123456789") != std::string_view::npos;
    const bool bracketed = text.ends_with(")") || text.ends_with("）");
    if (!text.ends_with("班") && !(bracketed && numbered)) continue;
    const std::size_t space = text.find_last_of(" \t");
    if (space == std::string_view::npos) return Block{.school = {}, .class_name = std::string(text)};
    return Block{.school = std::string(trimmed(text.substr(0, space))),
                 .class_name = std::string(trimmed(text.substr(space)))};
  }
  return std::nullopt;
}

/// What stands before the days of a row: which period, when, or what it is for.
struct Head {
  std::string period;
  std::string time;
  std::string kind;
};

void read_head_piece(Head& head, std::string_view piece) {
  piece = trimmed(piece);
  if (piece.empty()) return;
  if (time_range_word(piece)) {
    head.time = piece;
  } else if (period_word(piece)) {
    head.period = piece;
  } else if (const auto kind = kind_word(piece); kind && !kind->blank) {
    head.kind = piece;
  }
}

Head head_of(const Cells& cells, std::size_t days_from) {
  Head head;
  for (std::size_t i = 0; i < std::min(days_from, cells.size()); ++i) {
    const std::string_view cell = cells[i];
    if (time_range_word(cell)) {
      read_head_piece(head, cell);
      continue;
    }
    for (std::size_t from = 0; from < cell.size();) {
      const std::size_t end = std::min(cell.find_first_of(" \t\r\n(", from), cell.size());
      std::string_view piece = cell.substr(from, end - from);
      if (piece.ends_with(")")) piece.remove_suffix(1);
      read_head_piece(head, piece);
      from = end + 1;
    }
  }
  return head;
}

struct Content {
  std::string subject;
  std::string kind;
  std::string lead;
};

std::optional<Content> content_of(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.empty() || cell == "-" || cell == "—" || cell == "/") return std::nullopt;
  std::size_t end = cell.size();
  std::size_t mark = 0;
  for (const std::string_view separator : {"\n", "/", "(", "（", " ", "\u3000"}) {
    const std::size_t at = cell.find(separator);
    if (at >= end) continue;
    end = at;
    mark = separator.size();
  }
  Content content;
  const std::string_view what = trimmed(cell.substr(0, end));
  (kind_word(what) ? content.kind : content.subject) = what;
  std::string_view lead = end < cell.size() ? trimmed(cell.substr(end + mark)) : std::string_view();
  for (const std::string_view bracket : {")", "）"})
    if (lead.ends_with(bracket)) lead.remove_suffix(bracket.size());
  content.lead = trimmed(lead);
  return content;
}

class Unroller {
 public:
  [[nodiscard]] std::optional<Unrolled> run(std::span<const Cells> lines) {
    out_.lines.push_back({"school", "class", "weekday", "period", "time", "kind", "subject", "lead"});
    out_.origins.push_back({});
    for (std::size_t i = 0; i < lines.size(); ++i) read(lines[i], i + 1);
    return found_ ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  void read(const Cells& cells, std::size_t line) {
    if (is_heading(cells)) {
      found_ = true;
      days_.clear();
      for (std::size_t i = 0; i < cells.size(); ++i)
        if (is_weekday(cells[i])) days_.emplace_back(i, trimmed(cells[i]));
      if (const auto named = block_of(cells)) block_ = *named;
      return;
    }
    const bool days_empty = std::ranges::all_of(days_, [&](const auto& day) {
      return day.first >= cells.size() || trimmed(cells[day.first]).empty();
    });
    if (days_empty) {
      if (const auto named = block_of(cells)) {
        block_ = *named;
        days_.clear();
      }
    }
    if (!days_.empty()) read_row(cells, line);
  }

  void read_row(const Cells& cells, std::size_t line) {
    const Head head = head_of(cells, days_.front().first);
    for (const auto& [column, day] : days_) {
      auto content = content_of(column < cells.size() ? std::string_view(cells[column]) : std::string_view());
      if (!content && !head.kind.empty()) content = Content{.subject = {}, .kind = head.kind, .lead = {}};
      if (!content) continue;
      out_.lines.push_back({block_.school, block_.class_name, day, head.period, head.time, content->kind,
                            content->subject, content->lead});
      out_.origins.push_back({line, column + 1});
    }
  }

  Unrolled out_;
  Block block_;
  std::vector<std::pair<std::size_t, std::string>> days_;
  bool found_ = false;
};

}  // namespace

std::optional<Unrolled> unroll_matrix(std::span<const Cells> lines) { return Unroller().run(lines); }

}  // namespace tongke::school::timetable
