#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "school/people/stage.hpp"

/// What schools call grades and classes, and how files spell cells.
namespace tongke::school::exchange {

/// A cell without what spreadsheets put around it: spaces of every width, `="…"`, a leading
/// apostrophe.
[[nodiscard]] std::string trimmed(std::string_view cell);
/// Also with full-width letters and signs as ASCII and letters in lower case: for comparing.
[[nodiscard]] std::string plain(std::string_view cell);

/// "3", "三年级", "初一", "高中二年级", "Grade 3"; what 初一 is, the school's stages say.
[[nodiscard]] std::optional<people::Grade> parse_grade(std::string_view text,
                                                       const people::StageBoundaries& stages);

struct ClassName {
  people::Grade grade = 1;
  std::uint16_t number = 1;
  friend bool operator==(const ClassName&, const ClassName&) = default;
};

/// "2班" of a known grade, or with the grade in it: "三年级2班", "3(2)", "三（二）班", "初一3班",
/// "302", "3-2".  nullopt also when it says another grade than the one known
[[nodiscard]] std::optional<ClassName> parse_class(std::string_view text,
                                                   const people::StageBoundaries& stages,
                                                   std::optional<people::Grade> grade);
/// Several in one cell: "3(1)、3(2)", "三年级1、2班". An empty cell is an empty list.
[[nodiscard]] std::optional<std::vector<ClassName>> parse_classes(std::string_view text,
                                                                  const people::StageBoundaries& stages,
                                                                  std::optional<people::Grade> grade);

/// The pieces of a cell that lists things: split at 、 ， , ; ； / and spaces.
[[nodiscard]] std::vector<std::string> parse_list(std::string_view text);

/// As people print it: "三年级".
[[nodiscard]] std::string grade_label(people::Grade grade);
/// As people print it: "三年级2班".
[[nodiscard]] std::string class_label(const ClassName& name);

/// Whether a number is, or contains, an 18-digit identity card number with a right check digit.
/// @source GB 11643-1999
[[nodiscard]] bool holds_identity_number(std::string_view number);

}  // namespace tongke::school::exchange
