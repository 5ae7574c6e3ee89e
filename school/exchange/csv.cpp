#include "school/exchange/csv.hpp"

#include <algorithm>
#include <array>

namespace tongke::school::exchange {
namespace {

constexpr std::array<char, 3> kDelimiters = {',', '\t', ';'};
// A title above the table has no delimiters, so more than the first line is looked at.
constexpr std::size_t kLinesLookedAt = 10;

char guess_delimiter(std::string_view text) {
  std::array<std::size_t, kDelimiters.size()> counts{};
  bool quoted = false;
  std::size_t lines = 0;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' && ++lines == kLinesLookedAt) break;
    const auto* const found = std::find(kDelimiters.begin(), kDelimiters.end(), c);
    if (found != kDelimiters.end()) ++counts[static_cast<std::size_t>(found - kDelimiters.begin())];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return kDelimiters[static_cast<std::size_t>(most - counts.begin())];
}

class Reader {
 public:
  Reader(std::string_view text, char delimiter) : text_(text) { csv_.delimiter = delimiter; }

  Csv read() {
    while (at_ < text_.size()) read_row();
    return std::move(csv_);
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] bool at_line_end() const { return at_end() || text_[at_] == '\n' || text_[at_] == '\r'; }

  void read_row() {
    CsvRow row{.line = line_};
    bool anything = false;
    for (;;) {
      std::string field;
      if (!read_field(field)) return;
      anything = anything || !field.empty();
      if (row.fields.size() < kMaxFields) row.fields.push_back(std::move(field));
      if (at_line_end()) break;
      ++at_;  // the delimiter
    }
    skip_line_end();
    if (anything) csv_.rows.push_back(std::move(row));
  }

  // False when the text ends inside quotes.
  bool read_field(std::string& field) {
    if (!at_end() && text_[at_] == '"' && !read_quoted(field)) return false;
    const std::size_t from = at_;
    while (!at_line_end() && text_[at_] != csv_.delimiter) ++at_;
    field.append(text_.substr(from, at_ - from));  // after closing quotes too: sloppy, but nothing is lost
    return true;
  }

  bool read_quoted(std::string& field) {
    const std::size_t opened = line_;
    ++at_;
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      const std::string_view piece = text_.substr(at_, quote - at_);
      count_lines(piece);
      field.append(piece);
      if (quote == std::string_view::npos) {
        csv_.open_quote = opened;
        at_ = text_.size();
        return false;
      }
      at_ = quote + 1;
      if (at_end() || text_[at_] != '"') return true;
      field += '"';
      ++at_;
    }
  }

  void count_lines(std::string_view piece) {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const bool crlf = piece[i] == '\r' && i + 1 < piece.size() && piece[i + 1] == '\n';
      if (piece[i] == '\n' || (piece[i] == '\r' && !crlf)) ++line_;
    }
  }

  void skip_line_end() {
    if (at_end()) return;
    at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
    ++line_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  Csv csv_;
};

}  // namespace

Csv read_csv(std::string_view text, std::optional<char> delimiter) {
  return Reader(text, delimiter.value_or(guess_delimiter(text))).read();
}

void write_csv_row(std::string& out, const std::vector<std::string>& fields) {
  bool first = true;
  for (const std::string& field : fields) {
    if (!first) out += ',';
    first = false;
    if (field.find_first_of("\",\r\n") == std::string::npos) {
      out += field;
      continue;
    }
    out += '"';
    for (const char c : field) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace tongke::school::exchange
