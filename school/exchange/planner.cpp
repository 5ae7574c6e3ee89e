#include "school/exchange/planner.hpp"

#include <algorithm>

#include "school/exchange/workbench.hpp"
#include "school/text.hpp"

namespace tongke::school::exchange {
namespace {

using namespace people;

std::string label_of(const Class* row) {
  return row ? class_label({row->grade, row->number}) : std::string();
}

/// Puts what differs between two rows into words.
class Describer {
 public:
  explicit Describer(const Workbench& bench) : bench_(bench) {}

  std::vector<std::string> operator()(const School& old, const School& now) {
    say_changed(Column::system, old.stages != now.stages);
    return std::move(details_);
  }
  std::vector<std::string> operator()(const Pupil& old, const Pupil& now) {
    say_changed(Column::name, old.name != now.name);
    say(Column::class_number, label_of(bench_.base.find(old.original_class)),
        label_of(bench_.work.find(now.original_class)));
    say(Column::condition, word("condition.", to_string(old.condition)),
        word("condition.", to_string(now.condition)));
    say(Column::standing, standing(old.standing), standing(now.standing));
    say_changed(Column::home, old.home != now.home);
    return std::move(details_);
  }
  std::vector<std::string> operator()(const Staff& old, const Staff& now) {
    say_changed(Column::name, old.name != now.name);
    say_changed(Column::duty, old.duties != now.duties);
    say_changed(Column::teaches, old.teaching != now.teaching);
    say_changed(Column::prep_lead, old.leads != now.leads);
    say(Column::standing, standing(old.standing), standing(now.standing));
    return std::move(details_);
  }
  std::vector<std::string> operator()(const LayerGroup& old, const LayerGroup& now) {
    say(Column::pupil_number, std::to_string(old.members.size()), std::to_string(now.members.size()));
    return std::move(details_);
  }

 private:
  static std::string word(std::string prefix, std::string_view key) {
    return text(prefix += key, Language::zh);
  }
  static std::string standing(Standing standing) {
    return word("standing.", standing == Standing::active ? "active" : "left");
  }
  static std::string column(Column column) { return word("column.", to_string(column)); }
  void say(Column which, const std::string& old, const std::string& now) {
    if (old != now) details_.push_back(column(which) + ": " + old + " → " + now);
  }
  void say_changed(Column which, bool changed) {
    if (changed) details_.push_back(column(which));
  }

  const Workbench& bench_;
  std::vector<std::string> details_;
};

std::string what(const School& row) { return row.name; }
std::string what(const Pupil& row) { return row.number; }
std::string what(const Staff& row) { return row.number; }
std::string what(const LayerGroup& row) { return row.name; }

std::string school_name(const Workbench& bench, SchoolId id) {
  const School* school = bench.work.find(id);
  return school ? school->name : std::string();
}
SchoolId school_of(const School& row) { return row.id; }
template <class Row>
SchoolId school_of(const Row& row) {
  return row.school;
}

// Rows that people think in: each is counted and told.
template <class Row>
void collect_told(Workbench& bench, Kind kind, const std::set<std::uint32_t>& touched,
                  std::vector<Row>& changes) {
  for (const std::uint32_t number : touched) {
    const Row& now = *bench.work.find(decltype(Row::id){number});
    const Row* old = bench.base.find(decltype(Row::id){number});
    if (old && *old == now) {
      ++bench.report.tally(kind).unchanged;
      continue;
    }
    ++(old ? bench.report.tally(kind).updated : bench.report.tally(kind).created);
    bench.report.differences.push_back(
        {.kind = kind,
         .created = !old,
         .school = school_name(bench, school_of(now)),
         .what = what(now),
         .details = old ? Describer(bench)(*old, now) : std::vector<std::string>()});
    changes.push_back(now);
  }
}

// Rows that come along: classes, subjects, homes.
template <class Row>
void collect_quietly(const Workbench& bench, const std::set<std::uint32_t>& touched,
                     std::vector<Row>& changes) {
  for (const std::uint32_t number : touched) {
    const Row& now = *bench.work.find(decltype(Row::id){number});
    const Row* old = bench.base.find(decltype(Row::id){number});
    if (!old || !(*old == now)) changes.push_back(now);
  }
}

}  // namespace

people::Changes collect(Workbench& bench) {
  Changes changes;
  collect_told(bench, Kind::schools, bench.touched.schools, changes.schools);
  collect_told(bench, Kind::pupils, bench.touched.pupils, changes.pupils);
  collect_told(bench, Kind::staff, bench.touched.staff, changes.staff);
  collect_told(bench, Kind::groups, bench.touched.groups, changes.groups);
  collect_quietly(bench, bench.touched.subjects, changes.subjects);
  collect_quietly(bench, bench.touched.classes, changes.classes);
  collect_quietly(bench, bench.touched.homes, changes.homes);
  return changes;
}

void plan_schools(Workbench& bench, const Table& table) {
  constexpr std::size_t kLongestName = 120;
  for (const Row& row : table.rows) {
    bench.at(table, row);
    if (!bench.text(row, Column::school, kLongestName)) continue;
    const auto system = row[Column::system].empty()
                            ? std::optional<std::string>("six_three")
                            : spelled_key("system", row[Column::system], {"six_three", "five_four"});
    if (!system) {
      bench.problem(Column::system, Reason::bad_system);
      continue;
    }
    const School* known = bench.work.school_named(row[Column::school]);
    School school = known ? *known : bench.make_school(row[Column::school]);
    school.stages = *system == "five_four" ? kFiveFour : kSixThree;
    bench.put(bench.touched.schools, school);
  }
}

Plan plan_import(const Directory& district, const std::vector<Table>& tables, const PhoneMarker& phones,
                 const ImportOptions& options) {
  Workbench bench(district, options);
  std::array<std::vector<const Table*>, kKindCount> by_kind;
  for (const Table& table : tables) {
    by_kind[static_cast<std::size_t>(table.kind)].push_back(&table);
    bench.report.problems.insert(bench.report.problems.end(), table.problems.begin(), table.problems.end());
  }
  for (const Table* table : by_kind[static_cast<std::size_t>(Kind::schools)]) plan_schools(bench, *table);
  plan_pupils(bench, by_kind[static_cast<std::size_t>(Kind::pupils)], phones);
  plan_staff(bench, by_kind[static_cast<std::size_t>(Kind::staff)]);
  plan_groups(bench, by_kind[static_cast<std::size_t>(Kind::groups)]);
  Plan plan{.changes = collect(bench), .report = {}};
  plan.report = std::move(bench.report);
  return plan;
}

}  // namespace tongke::school::exchange
