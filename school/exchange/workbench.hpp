#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "school/exchange/names.hpp"
#include "school/exchange/planner.hpp"

namespace tongke::school::exchange {

/// What the steps of an import share: the district as it will be, which rows were touched, and
/// what was wrong. Only inside exchange/.
class Workbench {
 public:
  Workbench(const people::Directory& district, const ImportOptions& options)
      : base(district), work(district), options_(options) {}

  const people::Directory& base;
  people::Directory work;
  Report report;

  /// Row numbers that an import looked at, by kind of row.
  struct Touched {
    std::set<std::uint32_t> schools, subjects, classes, homes, pupils, staff, groups;
  } touched;

  /// Notes a problem of the row in hand.  @return false, for `return problem(…)`
  bool problem(Column column, Reason reason);
  void note(Column column, Reason reason);
  /// The row that problems are about from now on.
  void at(const Table& table, const Row& row);

  /// The school that a row names, or the import's own; nullptr for unknown.
  [[nodiscard]] const people::School* known_school(const Row& row) const;

  // Each gives nothing after it has noted why.
  [[nodiscard]] std::optional<people::School> school(const Row& row);
  [[nodiscard]] std::optional<people::Grade> grade(const Row& row, const people::School& school);
  /// Fit to be stored: there, one line, not too long, not spoilt by a spreadsheet.
  bool text(const Row& row, Column column, std::size_t longest, bool required = true);
  /// A person's own number in school: also nothing that holds an identity card's.
  bool number(const Row& row, Column column, bool required = true);
  [[nodiscard]] std::optional<std::vector<people::ClassId>> classes(const Row& row, Column column,
                                                                    const people::School& school);

  // These make what is not there yet.
  [[nodiscard]] people::ClassId class_id(const people::School& school, const ClassName& name);
  [[nodiscard]] people::SubjectId subject_id(const std::string& name);
  people::School make_school(const std::string& name);

  template <class Row>
  void put(std::set<std::uint32_t>& kind, const Row& row) {
    kind.insert(row.id.value);
    work.put(row);
  }

 private:
  const ImportOptions& options_;
  const Table* table_ = nullptr;
  std::size_t line_ = 0;
};

/// Finds the key that a cell spells ("宽带" → "wifi"), by a group of spellings of text.json.
[[nodiscard]] std::optional<std::string> spelled_key(const char* group, const std::string& cell,
                                                     std::initializer_list<std::string_view> keys);

void plan_schools(Workbench& bench, const Table& table);
void plan_pupils(Workbench& bench, const std::vector<const Table*>& tables,
                 const people::PhoneMarker& phones);
void plan_staff(Workbench& bench, const std::vector<const Table*>& tables);
void plan_groups(Workbench& bench, const std::vector<const Table*>& tables);
/// Fills tallies, differences and changes from what was touched.
[[nodiscard]] people::Changes collect(Workbench& bench);

}  // namespace tongke::school::exchange
