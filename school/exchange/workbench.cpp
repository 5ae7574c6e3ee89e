#include "school/exchange/workbench.hpp"

#include <algorithm>
#include <map>

#include "school/clean_text.hpp"
#include "school/text.hpp"

namespace tongke::school::exchange {
namespace {

using namespace people;

constexpr std::size_t kLongestNumber = 40;
constexpr std::size_t kLongestName = 120;

// "2.02301E+11": what a spreadsheet makes of a long number.
bool is_scientific(std::string_view cell) {
  const std::size_t e = cell.find_first_of("eE");
  if (e == std::string_view::npos || e + 2 >= cell.size() || cell[e + 1] != '+') return false;
  const auto digits = [](std::string_view part, std::string_view allowed) {
    return !part.empty() && part.find_first_not_of(allowed) == std::string_view::npos;
  };
  return digits(cell.substr(0, e), "0123456789.") && digits(cell.substr(e + 2), "0123456789");
}

// Subjects come under several names; those text.json does not know stay as they are.
std::string subject_name(const std::string& said) {
  static const auto canonical = [] {
    std::map<std::string, std::string> all;
    for (const auto& [name, ways] : spelling_group("subject")) {
      for (const std::string& way : ways) all[way] = name;
    }
    return all;
  }();
  const auto found = canonical.find(plain(said));
  return found == canonical.end() ? said : found->second;
}

}  // namespace

bool Workbench::problem(Column column, Reason reason) {
  report.problems.push_back({.file = table_->file, .line = line_, .column = column, .reason = reason});
  return false;
}

void Workbench::note(Column column, Reason reason) {
  report.notes.push_back({.file = table_->file, .line = line_, .column = column, .reason = reason});
}

void Workbench::at(const Table& table, const Row& row) {
  table_ = &table;
  line_ = row.line;
}

const School* Workbench::known_school(const Row& row) const {
  return work.school_named(row[Column::school].empty() ? options_.school : row[Column::school]);
}

std::optional<School> Workbench::school(const Row& row) {
  if (const School* known = known_school(row)) return *known;
  const std::string& name = row[Column::school].empty() ? options_.school : row[Column::school];
  if (name.empty()) {
    problem(Column::school, Reason::missing);
  } else if (!is_clean_text(name)) {
    problem(Column::school, Reason::unclean);
  } else if (name.size() > kLongestName) {
    problem(Column::school, Reason::too_long);
  } else if (!options_.new_schools && !base.schools().empty()) {
    problem(Column::school, Reason::unknown_school);
  } else {
    return make_school(name);
  }
  return std::nullopt;
}

School Workbench::make_school(const std::string& name) {
  const School made{.id = {work.next_school()}, .public_id = PublicId::make(), .name = name};
  put(touched.schools, made);
  return made;
}

std::optional<Grade> Workbench::grade(const Row& row, const School& school) {
  const auto grade = parse_grade(row[Column::grade], school.stages);
  if (!grade) problem(Column::grade, row[Column::grade].empty() ? Reason::missing : Reason::bad_grade);
  return grade;
}

bool Workbench::text(const Row& row, Column column, std::size_t longest, bool required) {
  const std::string& cell = row[column];
  if (cell.empty()) return !required || problem(column, Reason::missing);
  if (!is_clean_text(cell)) return problem(column, Reason::unclean);
  return cell.size() <= longest || problem(column, Reason::too_long);
}

bool Workbench::number(const Row& row, Column column, bool required) {
  if (!text(row, column, kLongestNumber, required)) return false;
  if (is_scientific(row[column])) return problem(column, Reason::damaged_number);
  return !holds_identity_number(row[column]) || problem(column, Reason::identity_card);
}

std::optional<std::vector<ClassId>> Workbench::classes(const Row& row, Column column, const School& school) {
  const auto grade = parse_grade(row[Column::grade], school.stages);
  const auto names = parse_classes(row[column], school.stages, grade);
  if (!names) {
    problem(column, Reason::bad_class);
    return std::nullopt;
  }
  std::vector<ClassId> ids;
  ids.reserve(names->size());
  for (const ClassName& name : *names) ids.push_back(class_id(school, name));
  return ids;
}

ClassId Workbench::class_id(const School& school, const ClassName& name) {
  if (const Class* known = work.class_numbered(school.id, name.grade, name.number)) return known->id;
  const Class made{.id = {work.next_class()},
                   .public_id = PublicId::make(),
                   .school = school.id,
                   .grade = name.grade,
                   .number = name.number};
  put(touched.classes, made);
  return made.id;
}

SubjectId Workbench::subject_id(const std::string& said) {
  const std::string name = subject_name(said);
  if (const Subject* known = work.subject_named(name)) return known->id;
  const Subject made{.id = {work.next_subject()}, .name = name};
  put(touched.subjects, made);
  return made.id;
}

std::optional<std::string> spelled_key(const char* group, const std::string& cell,
                                       std::initializer_list<std::string_view> keys) {
  std::string said = plain(cell);
  std::erase_if(said, [](char c) { return c == ' ' || c == '-' || c == '_'; });
  for (const std::string_view key : keys) {
    const auto& ways = spellings(group, key);
    if (std::ranges::find(ways, said) != ways.end()) return std::string(key);
  }
  return std::nullopt;
}

}  // namespace tongke::school::exchange
