#include <algorithm>
#include <map>

#include "school/exchange/workbench.hpp"

namespace tongke::school::exchange {
namespace {

using namespace people;

constexpr std::size_t kLongestName = 60;
constexpr std::uint16_t kDistrictDuties = static_cast<std::uint16_t>(Duty::district_office) |
                                          static_cast<std::uint16_t>(Duty::resources) |
                                          static_cast<std::uint16_t>(Duty::inspector);

template <class Rows, class Row>
void insert_sorted(Rows& rows, const Row& row) {
  const auto place = std::lower_bound(rows.begin(), rows.end(), row);
  if (place == rows.end() || *place != row) rows.insert(place, row);
}

/// Staff may have several rows, one for each class or subject; together they say what a person
/// teaches, in place of what was known before.
class StaffPlanner {
 public:
  explicit StaffPlanner(Workbench& bench) : bench_(bench) {}

  void read(const Table& table) {
    for (const Row& row : table.rows) {
      bench_.at(table, row);
      read_row(row);
    }
  }

  void settle() {
    for (const auto& [key, staff] : people_) bench_.put(bench_.touched.staff, staff);
    for (const auto& [class_id, staff] : homerooms_) {
      Class row = *bench_.work.find(class_id);
      row.homeroom = staff;
      bench_.put(bench_.touched.classes, row);
    }
  }

 private:
  bool read_row(const Row& row) {
    std::uint16_t duties = 0;
    if (!bench_.text(row, Column::name, kLongestName) || !bench_.number(row, Column::staff_number, false) ||
        !bench_.text(row, Column::subject, kLongestName, false) || !read_duties(row, duties)) {
      return false;
    }
    // The district's own people have no school.
    School school;
    if ((duties & kDistrictDuties) == 0 || !row[Column::school].empty()) {
      const auto found = bench_.school(row);
      if (!found) return false;
      school = *found;
    }
    return read_lessons(row, school, duties);
  }

  bool read_lessons(const Row& row, const School& school, std::uint16_t duties) {
    const auto teaches = bench_.classes(row, Column::teaches, school);
    if (!teaches) return false;
    const auto homerooms = bench_.classes(row, Column::homeroom, school);
    if (!homerooms) return false;
    if (!teaches->empty() && row[Column::subject].empty())
      return bench_.problem(Column::subject, Reason::missing);
    std::vector<PrepLead> leads;
    for (const std::string& piece : parse_list(row[Column::prep_lead])) {
      const auto grade = parse_grade(piece, school.stages);
      if (!grade) return bench_.problem(Column::prep_lead, Reason::bad_grade);
      if (row[Column::subject].empty()) return bench_.problem(Column::subject, Reason::missing);
      leads.push_back({*grade, bench_.subject_id(row[Column::subject])});
    }
    const auto standing = spelled_key("standing", row[Column::standing], {"active", "left"});
    if (!standing) return bench_.problem(Column::standing, Reason::bad_standing);

    Staff& staff = person(row, school);
    staff.duties |= duties;
    staff.standing = *standing == "left" ? Standing::left : Standing::active;
    for (const ClassId id : *teaches)
      insert_sorted(staff.teaching, Teaching{id, bench_.subject_id(row[Column::subject])});
    for (const PrepLead& lead : leads) insert_sorted(staff.leads, lead);
    for (const ClassId id : *homerooms) homerooms_[id] = staff.id;
    return true;
  }

  bool read_duties(const Row& row, std::uint16_t& duties) {
    for (const std::string& piece : parse_list(row[Column::duty])) {
      const auto key = spelled_key("duty", piece,
                                   {"school_office", "district_office", "resources", "inspector",
                                    "technician", "safeguarding", "principal", "teacher"});
      if (!key) return bench_.problem(Column::duty, Reason::bad_duty);
      if (const auto duty = duty_from(*key)) duties |= with_what_comes(*duty);
    }
    return true;
  }

  Staff& person(const Row& row, const School& school) {
    const std::string& known_by =
        row[row[Column::staff_number].empty() ? Column::name : Column::staff_number];
    const auto [place, first] = people_.try_emplace({school.id, known_by});
    Staff& staff = place->second;
    if (!first) return staff;
    if (const Staff* known = bench_.work.staff_numbered(school.id, known_by)) {
      staff = *known;
      staff.teaching.clear();
      staff.leads.clear();
      staff.duties = 0;
    } else {
      staff.id = {bench_.work.next_staff() + made_++};
      staff.public_id = PublicId::make();
      staff.school = school.id;
      staff.number = row[Column::staff_number];
    }
    staff.name = row[Column::name];
    return staff;
  }

  Workbench& bench_;
  std::map<std::pair<SchoolId, std::string>, Staff> people_;  // by number, or name without one
  std::map<ClassId, StaffId> homerooms_;
  std::uint32_t made_ = 0;
};

}  // namespace

void plan_staff(Workbench& bench, const std::vector<const Table*>& tables) {
  StaffPlanner planner(bench);
  for (const Table* table : tables) planner.read(*table);
  planner.settle();
}

}  // namespace tongke::school::exchange
