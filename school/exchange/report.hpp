#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tongke::school::exchange {

/// Columns that imported and exported lists have; text.json names them ("column.…", "columns").
enum class Column : std::uint8_t {
  school = 0,
  system,
  grade,
  class_number,
  pupil_number,
  name,
  phone,
  condition,
  home,
  standing,
  staff_number,
  duty,
  subject,
  teaches,
  homeroom,
  prep_lead,
  group
};
inline constexpr std::size_t kColumnCount = 17;
/// Key in text.json: "school", "pupil_number" …
[[nodiscard]] std::string_view to_string(Column column) noexcept;

/// Kinds of lists, in the order in which they are worked through.
enum class Kind : std::uint8_t { schools = 0, pupils, staff, groups };
inline constexpr std::size_t kKindCount = 4;
[[nodiscard]] std::string_view to_string(Kind kind) noexcept;

/// What is wrong with a row; text.json says it in words ("reason.…").
enum class Reason : std::uint8_t {
  open_quote = 0,
  missing,
  unclean,
  too_long,
  damaged_number,
  identity_card,
  unknown_school,
  bad_grade,
  bad_class,
  bad_condition,
  bad_duty,
  bad_system,
  bad_phone,
  bad_standing,
  duplicate,
  unknown_pupil,
  two_groups,
  shared_phone
};
[[nodiscard]] std::string_view to_string(Reason reason) noexcept;

/// A row that was not taken, or a remark about one that was. Holds no names.
struct Problem {
  std::string file = {};
  std::size_t line = 0;
  Column column = Column::school;
  Reason reason = Reason::missing;
  friend bool operator==(const Problem&, const Problem&) = default;
};

/// One thing that an import makes or changes. Says which columns differ; values only where they
/// are no names.
struct Difference {
  Kind kind = Kind::pupils;
  bool created = false;
  std::string school = {};
  std::string what = {};                  ///< number or label, never a person's name
  std::vector<std::string> details = {};  ///< "班级: 三年级1班 → 三年级2班"
};

struct Tally {
  std::size_t created = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  friend bool operator==(const Tally&, const Tally&) = default;
};

/// What an import would do, or did.
struct Report {
  std::array<Tally, kKindCount> tallies = {};
  std::vector<Difference> differences = {};
  std::vector<Problem> problems = {};  ///< rows left out
  std::vector<Problem> notes = {};     ///< rows taken, with a remark

  [[nodiscard]] const Tally& tally(Kind kind) const { return tallies[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] Tally& tally(Kind kind) { return tallies[static_cast<std::size_t>(kind)]; }
};

}  // namespace tongke::school::exchange
