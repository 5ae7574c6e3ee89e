#include "school/exchange/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "school/text.hpp"

namespace tongke::school::exchange {
namespace {

using people::Grade;
using people::Stage;
using people::StageBoundaries;

constexpr std::array<std::string_view, 10> kDigits = {"〇", "一", "二", "三", "四",
                                                      "五", "六", "七", "八", "九"};
constexpr std::string_view kTen = "十";
// Words that say no number: they only separate.
constexpr std::array<std::string_view, 12> kFiller = {"年级", "年", "级", "班", "第",    "(",
                                                      ")",    "-",  ".",  " ",  "grade", "class"};
constexpr unsigned kMostClasses = 99;

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

template <class Words>
bool take_any(std::string_view& text, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return take(text, word); });
}

std::optional<unsigned> take_digit(std::string_view& text) {
  for (unsigned value = 0; value < kDigits.size(); ++value) {
    if (take(text, kDigits[value])) return value;
  }
  return std::nullopt;
}

// 3, 12, 三, 十, 十二, 三十二. Two digits without 十 between ("三二") are two numbers.
std::optional<unsigned> take_number(std::string_view& text) {
  unsigned value = 0;
  std::size_t digits = 0;
  while (digits < 4 && digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
  }
  if (digits > 0) {
    text.remove_prefix(digits);
    return value;
  }
  const auto tens = take_digit(text);
  if (!take(text, kTen)) return tens;
  return tens.value_or(1) * 10 + take_digit(text).value_or(0);
}

struct Spoken {
  std::optional<Stage> stage;  ///< 初, 高: years are counted within it
  std::vector<unsigned> numbers = {};
};

std::optional<Spoken> read_spoken(std::string_view cell) {
  const std::string said = plain(cell);
  std::string_view text = said;
  Spoken spoken;
  if (take(text, "初中") || take(text, "初")) {
    spoken.stage = Stage::junior;
  } else if (take(text, "高中") || take(text, "高")) {
    spoken.stage = Stage::senior;
  } else if (!take(text, "小学")) {
    take(text, "小");
  }
  while (!text.empty()) {
    if (const auto number = take_number(text)) {
      spoken.numbers.push_back(*number);
    } else if (!take_any(text, kFiller)) {
      return std::nullopt;
    }
  }
  return spoken;
}

std::optional<Grade> grade_from(const Spoken& spoken, unsigned year, const StageBoundaries& stages) {
  if (spoken.stage) return stages.grade_of(*spoken.stage, year);
  if (year < 1 || year > people::kLastGrade) return std::nullopt;
  return static_cast<Grade>(year);
}

// Full-width forms U+FF01..FF5E lie 0xFEE0 above ASCII; in UTF-8 they are EF BC 81 .. EF BD 9E.
std::optional<char> full_width(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xEF') return std::nullopt;
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  if (second == 0xBC && third >= 0x81) return static_cast<char>(third - 0x81 + 0x21);
  if (second == 0xBD && third <= 0x9E) return static_cast<char>(third - 0x80 + 0x60);
  return std::nullopt;
}

constexpr std::array<std::string_view, 4> kSpaces = {" ", "\t", "\u00a0", "\u3000"};

std::string_view without_spaces_around(std::string_view cell) {
  while (take_any(cell, kSpaces)) {
  }
  const auto ends = [&](std::string_view space) {
    if (!cell.ends_with(space)) return false;
    cell.remove_suffix(space.size());
    return true;
  };
  while (std::any_of(kSpaces.begin(), kSpaces.end(), ends)) {
  }
  return cell;
}

}  // namespace

std::string trimmed(std::string_view cell) {
  cell = without_spaces_around(cell);
  if (cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"')) {
    cell = without_spaces_around(cell.substr(2, cell.size() - 3));
  } else if (cell.starts_with('\'')) {
    cell = without_spaces_around(cell.substr(1));
  }
  return std::string(cell);
}

std::string plain(std::string_view cell) {
  const std::string kept = trimmed(cell);
  std::string text;
  for (std::string_view left = kept; !left.empty();) {
    if (const auto ascii = full_width(left)) {
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(*ascii)));
      left.remove_prefix(3);
    } else if (take_any(left, kSpaces)) {
      text += ' ';
    } else {
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(left.front())));
      left.remove_prefix(1);
    }
  }
  return text;
}

std::optional<Grade> parse_grade(std::string_view text, const StageBoundaries& stages) {
  const auto spoken = read_spoken(text);
  if (!spoken || spoken->numbers.size() != 1) return std::nullopt;
  return grade_from(*spoken, spoken->numbers.front(), stages);
}

std::optional<ClassName> parse_class(std::string_view text, const StageBoundaries& stages,
                                     std::optional<Grade> grade) {
  auto spoken = read_spoken(text);
  if (!spoken || spoken->numbers.empty() || spoken->numbers.size() > 2) return std::nullopt;
  unsigned number = spoken->numbers.back();
  std::optional<Grade> said = grade;
  if (spoken->numbers.size() == 2) {
    said = grade_from(*spoken, spoken->numbers.front(), stages);
  } else if (number > kMostClasses) {
    said = grade_from(*spoken, number / 100, stages);
    number %= 100;
  } else if (spoken->stage) {
    return std::nullopt;  // 初3班: the year is missing
  }
  if (!said || (grade && *said != *grade) || number < 1 || number > kMostClasses) return std::nullopt;
  return ClassName{*said, static_cast<std::uint16_t>(number)};
}

std::optional<std::vector<ClassName>> parse_classes(std::string_view text, const StageBoundaries& stages,
                                                    std::optional<Grade> grade) {
  std::vector<ClassName> classes;
  for (const std::string& piece : parse_list(text)) {
    auto name = parse_class(piece, stages, grade);
    if (!name && !classes.empty()) name = parse_class(piece, stages, classes.back().grade);
    if (!name) return std::nullopt;
    classes.push_back(*name);
  }
  return classes;
}

std::vector<std::string> parse_list(std::string_view text) {
  constexpr std::array<std::string_view, 9> kSeparators = {"、", "，", ",",      ";",     "；",
                                                           "/",  " ",  "\u00a0", "\u3000"};
  std::vector<std::string> pieces(1);
  while (!text.empty()) {
    if (take_any(text, kSeparators)) {
      if (!pieces.back().empty()) pieces.emplace_back();
    } else {
      pieces.back() += text.front();
      text.remove_prefix(1);
    }
  }
  if (pieces.back().empty()) pieces.pop_back();
  return pieces;
}

namespace {

/// A sentence of text.json with a grade in it, as people write grades.
std::string with_grade(std::string_view key, people::Grade number) {
  std::string grade;
  if (number >= 10) grade += kTen;
  if (number % 10 != 0) grade += kDigits.at(number % 10);
  std::string label = text(key, Language::zh);
  return label.replace(label.find("{grade}"), 7, grade);
}

}  // namespace

std::string grade_label(people::Grade grade) { return with_grade("grade.label", grade); }

std::string class_label(const ClassName& name) {
  std::string label = with_grade("class.label", name.grade);
  label.replace(label.find("{class}"), 7, std::to_string(name.number));
  return label;
}

bool holds_identity_number(std::string_view number) {
  constexpr std::array<unsigned, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view kCheck = "10X98765432";
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 0; at + 18 <= number.size(); ++at) {
    const std::string_view card = number.substr(at, 18);
    if (!std::all_of(card.begin(), card.end() - 1, digit)) continue;
    unsigned sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += static_cast<unsigned>(card[i] - '0') * kWeights[i];
    const char last = card[17] == 'x' ? 'X' : card[17];
    if (kCheck[sum % 11] == last) return true;
  }
  return false;
}

}  // namespace tongke::school::exchange
