#include <algorithm>

#include "school/exchange/workbench.hpp"

namespace tongke::school::exchange {
namespace {

using namespace people;

constexpr std::size_t kLongestName = 60;

void join_group(Workbench& bench, const School& school, Grade grade, const Row& row, PupilId pupil) {
  const SubjectId subject = bench.subject_id(row[Column::subject]);
  const LayerGroup* known = bench.work.group_named(school.id, grade, subject, row[Column::group]);
  for (const GroupId id : bench.work.groups_of(pupil)) {
    if (bench.work.find(id)->subject == subject && (!known || id != known->id)) {
      bench.problem(Column::group, Reason::two_groups);
      return;
    }
  }
  LayerGroup group = known ? *known
                           : LayerGroup{.id = {bench.work.next_group()},
                                        .public_id = PublicId::make(),
                                        .school = school.id,
                                        .grade = grade,
                                        .subject = subject,
                                        .name = row[Column::group]};
  const auto place = std::lower_bound(group.members.begin(), group.members.end(), pupil);
  if (place == group.members.end() || *place != pupil) group.members.insert(place, pupil);
  bench.put(bench.touched.groups, group);
}

// A list of a group is the whole group: who is no longer on it has left it.
void empty_listed_groups(Workbench& bench, const std::vector<const Table*>& tables) {
  for (const Table* table : tables) {
    for (const Row& row : table->rows) {
      const School* school = bench.known_school(row);
      const auto grade = school ? parse_grade(row[Column::grade], school->stages) : std::nullopt;
      if (!grade || row[Column::subject].empty()) continue;
      const LayerGroup* known = bench.work.group_named(
          school->id, *grade, bench.subject_id(row[Column::subject]), row[Column::group]);
      if (!known || bench.touched.groups.contains(known->id.value)) continue;
      LayerGroup group = *known;
      group.members.clear();
      bench.put(bench.touched.groups, group);
    }
  }
}

}  // namespace

void plan_groups(Workbench& bench, const std::vector<const Table*>& tables) {
  empty_listed_groups(bench, tables);
  for (const Table* table : tables) {
    for (const Row& row : table->rows) {
      bench.at(*table, row);
      const auto school = bench.school(row);
      if (!school || !bench.text(row, Column::subject, kLongestName) ||
          !bench.text(row, Column::group, kLongestName) || !bench.number(row, Column::pupil_number)) {
        continue;
      }
      const auto grade = bench.grade(row, *school);
      if (!grade) continue;
      const Pupil* pupil = bench.work.pupil_numbered(school->id, row[Column::pupil_number]);
      if (!pupil) {
        bench.problem(Column::pupil_number, Reason::unknown_pupil);
        continue;
      }
      join_group(bench, *school, *grade, row, pupil->id);
    }
  }
}

}  // namespace tongke::school::exchange
