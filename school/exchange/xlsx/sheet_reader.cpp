#include "school/exchange/xlsx/sheet_reader.hpp"

#include <algorithm>
#include <charconv>

namespace tongke::school::exchange::xlsx {
namespace {

/// Of a sheet, as ECMA-376 has it.
constexpr std::size_t kLastRow = 1U << 20U;

std::size_t number_or(std::string_view text, std::size_t otherwise) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

}  // namespace

std::size_t column_of(std::string_view cell) noexcept {
  std::size_t column = 0;
  for (const char c : cell) {
    if (c < 'A' || c > 'Z' || column > kMaxFields) break;
    column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
  }
  return column;
}

XmlHandler SheetReader::handler() {
  return {.begin = [this](std::string_view name, const Attributes& attributes) { begin(name, attributes); },
          .end = [this](std::string_view name) { end(name); },
          .text =
              [this](std::string_view piece) {
                if (in_value_ && !is_too_large()) value_ += piece;
              }};
}

void SheetReader::begin(std::string_view name, const Attributes& attributes) {
  if (name == "row") {
    const std::size_t named = number_or(attributes["r"], 0);
    line_ = named > line_ && named <= kLastRow ? named : line_ + 1;
    row_ = {.line = line_};
    column_ = 0;
  } else if (name == "c") {
    const std::size_t named = column_of(attributes["r"]);
    column_ = named == 0 ? column_ + 1 : named;
    style_ = number_or(attributes["s"], 0);
    kind_ = attributes["t"];
    value_.clear();
  } else if (name == "rPh") {
    in_sound_ = true;
  } else if (name == "v" || name == "t") {
    in_value_ = !in_sound_;
  }
}

void SheetReader::end(std::string_view name) {
  if (name == "v" || name == "t") {
    in_value_ = false;
  } else if (name == "rPh") {
    in_sound_ = false;
  } else if (name == "c") {
    finish_cell();
  } else if (name == "row") {
    const auto is_empty = [](const std::string& field) {
      return field.find_first_not_of(" \t\r\n") == std::string::npos;
    };
    if (!std::ranges::all_of(row_.fields, is_empty)) rows_.push_back(std::move(row_));
    row_ = {};
  }
}

std::string SheetReader::cell_text() const {
  if (kind_ == "s") {
    const std::size_t index = number_or(value_, workbook_.strings.size());
    return index < workbook_.strings.size() ? workbook_.strings[index] : std::string();
  }
  if (kind_.empty() || kind_ == "n") {
    const Show show = style_ < workbook_.shows.size() ? workbook_.shows[style_] : Show::number;
    return number_text(value_, show, workbook_.is_1904);
  }
  return value_;
}

void SheetReader::finish_cell() {
  if (column_ == 0 || column_ > kMaxFields || is_too_large()) return;
  std::string text = cell_text();
  if (text.empty()) return;
  size_ += text.size();
  if (row_.fields.size() < column_) {
    // A cell far to the right has empty ones before it.
    size_ += (column_ - row_.fields.size()) * sizeof(std::string);
    row_.fields.resize(column_);
  }
  row_.fields[column_ - 1] = std::move(text);
}

}  // namespace tongke::school::exchange::xlsx
