#include "school/store/people_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

using namespace people;

template <class I>
I id(int value) {
  return I{static_cast<std::uint32_t>(value)};
}
template <class I>
int number(I id) {
  return static_cast<int>(id.value);
}
// What pupil.standing says of an erased one. The row stays, empty, so that its number, which old
// links carry, never becomes another child's.
constexpr int kErased = 2;

PublicId public_id(const std::string& text) { return PublicId::parse(text).value_or(PublicId()); }

// Homes keep their phones in one column: "salt:hash salt:hash"; base64url has neither sign.
std::string phones_text(const std::vector<PhoneMark>& phones) {
  std::string text;
  for (const PhoneMark& phone : phones) {
    if (!text.empty()) text += ' ';
    text += phone.salt;
    text += ':';
    text += phone.hash;
  }
  return text;
}

std::vector<PhoneMark> phones_from(std::string_view text) {
  std::vector<PhoneMark> phones;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    const std::size_t colon = one.find(':');
    if (colon != std::string_view::npos) {
      phones.push_back({std::string(one.substr(0, colon)), std::string(one.substr(colon + 1))});
    }
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return phones;
}

void load_organisation(soci::session& sql, Changes& all) {
  each_row<std::string>(sql, "SELECT name FROM district WHERE id = 1",
                        [&](const std::string& name) { all.district = name; });
  each_row<int, std::string, std::string, int, int, int>(
      sql, "SELECT id, public_id, name, low_to, upper_to, junior_to FROM school",
      [&](int row, const std::string& out, const std::string& name, int low, int upper, int junior) {
        all.schools.push_back({.id = id<SchoolId>(row),
                               .public_id = public_id(out),
                               .name = name,
                               .stages = {{static_cast<Grade>(low), static_cast<Grade>(upper),
                                           static_cast<Grade>(junior), kLastGrade}}});
      });
  each_row<int, std::string>(sql, "SELECT id, name FROM subject", [&](int row, const std::string& name) {
    all.subjects.push_back({.id = id<SubjectId>(row), .name = name});
  });
  each_row<int, std::string, int, int, int, int>(
      sql, "SELECT id, public_id, school_id, grade, number, homeroom_id FROM original_class",
      [&](int row, const std::string& out, int school, int grade, int no, int homeroom) {
        all.classes.push_back({.id = id<ClassId>(row),
                               .public_id = public_id(out),
                               .school = id<SchoolId>(school),
                               .grade = static_cast<Grade>(grade),
                               .number = static_cast<std::uint16_t>(no),
                               .homeroom = id<StaffId>(homeroom)});
      });
}

void load_pupils(soci::session& sql, Changes& all) {
  each_row<int, std::string, std::string, std::string>(
      sql, "SELECT id, public_id, code, phones FROM home",
      [&](int row, const std::string& out, const std::string& code, const std::string& phones) {
        all.homes.push_back({.id = id<HomeId>(row),
                             .public_id = public_id(out),
                             .code = code,
                             .phones = phones_from(phones)});
      });
  each_row<int, std::string, int, int, int, int, int, std::string, std::string>(
      sql, "SELECT id, public_id, school_id, class_id, home_id, access, standing, number, name FROM pupil",
      [&](int row, const std::string& out, int school, int in_class, int home, int access, int standing,
          const std::string& no, const std::string& name) {
        if (standing == kErased) {
          all.erased_pupils.push_back(id<PupilId>(row));
          return;
        }
        all.pupils.push_back({.id = id<PupilId>(row),
                              .public_id = public_id(out),
                              .school = id<SchoolId>(school),
                              .original_class = id<ClassId>(in_class),
                              .home = id<HomeId>(home),
                              .condition = static_cast<Condition>(access),
                              .standing = static_cast<Standing>(standing),
                              .number = no,
                              .name = name});
      });
}

void load_staff(soci::session& sql, Changes& all) {
  std::vector<std::size_t> place;  // by row number
  each_row<int, std::string, int, int, int, std::string, std::string>(
      sql, "SELECT id, public_id, school_id, standing, duties, number, name FROM staff ORDER BY id",
      [&](int row, const std::string& out, int school, int standing, int duties, const std::string& no,
          const std::string& name) {
        place.resize(static_cast<std::size_t>(row) + 1);
        place.back() = all.staff.size();
        all.staff.push_back({.id = id<StaffId>(row),
                             .public_id = public_id(out),
                             .school = id<SchoolId>(school),
                             .standing = static_cast<Standing>(standing),
                             .duties = static_cast<std::uint16_t>(duties),
                             .number = no,
                             .name = name,
                             .teaching = {},
                             .leads = {}});
      });
  each_row<int, int, int>(
      sql, "SELECT staff_id, class_id, subject_id FROM teaching ORDER BY staff_id, class_id, subject_id",
      [&](int row, int in_class, int subject) {
        all.staff[place.at(static_cast<std::size_t>(row))].teaching.push_back(
            {id<ClassId>(in_class), id<SubjectId>(subject)});
      });
  each_row<int, int, int>(
      sql, "SELECT staff_id, grade, subject_id FROM prep_lead ORDER BY staff_id, grade, subject_id",
      [&](int row, int grade, int subject) {
        all.staff[place.at(static_cast<std::size_t>(row))].leads.push_back(
            {static_cast<Grade>(grade), id<SubjectId>(subject)});
      });
}

void load_groups(soci::session& sql, Changes& all) {
  std::vector<std::size_t> place;  // by row number
  each_row<int, std::string, int, int, int, std::string>(
      sql, "SELECT id, public_id, school_id, grade, subject_id, name FROM layer_group ORDER BY id",
      [&](int row, const std::string& out, int school, int grade, int subject, const std::string& name) {
        place.resize(static_cast<std::size_t>(row) + 1);
        place.back() = all.groups.size();
        all.groups.push_back({.id = id<GroupId>(row),
                              .public_id = public_id(out),
                              .school = id<SchoolId>(school),
                              .grade = static_cast<Grade>(grade),
                              .subject = id<SubjectId>(subject),
                              .name = name,
                              .members = {}});
      });
  each_row<int, int>(
      sql, "SELECT group_id, pupil_id FROM group_member ORDER BY group_id, pupil_id",
      [&](int row, int pupil) {
        all.groups[place.at(static_cast<std::size_t>(row))].members.push_back(id<PupilId>(pupil));
      });
}

void save_organisation(soci::session& sql, const Changes& changes) {
  if (changes.district) {
    Prepared<std::string>(sql,
                          "INSERT INTO district (id, name) VALUES (1, :name)"
                          " ON CONFLICT (id) DO UPDATE SET name = excluded.name")(*changes.district);
  }
  Prepared<int, std::string, std::string, int, int, int> school(
      sql,
      "INSERT INTO school (id, public_id, name, low_to, upper_to, junior_to)"
      " VALUES (:id, :public, :name, :low, :upper, :junior)"
      " ON CONFLICT (id) DO UPDATE SET public_id = excluded.public_id, name = excluded.name,"
      " low_to = excluded.low_to, upper_to = excluded.upper_to, junior_to = excluded.junior_to");
  for (const School& row : changes.schools) {
    school(number(row.id), row.public_id.str(), row.name, row.stages.last[0], row.stages.last[1],
           row.stages.last[2]);
  }
  Prepared<int, std::string> subject(sql,
                                     "INSERT INTO subject (id, name) VALUES (:id, :name)"
                                     " ON CONFLICT (id) DO UPDATE SET name = excluded.name");
  for (const Subject& row : changes.subjects) subject(number(row.id), row.name);
  Prepared<int, std::string, int, int, int, int> original_class(
      sql,
      "INSERT INTO original_class (id, public_id, school_id, grade, number, homeroom_id)"
      " VALUES (:id, :public, :school, :grade, :number, :homeroom)"
      " ON CONFLICT (id) DO UPDATE SET public_id = excluded.public_id, school_id = excluded.school_id,"
      " grade = excluded.grade, number = excluded.number, homeroom_id = excluded.homeroom_id");
  for (const Class& row : changes.classes) {
    original_class(number(row.id), row.public_id.str(), number(row.school), row.grade, row.number,
                   number(row.homeroom));
  }
}

void save_pupils(soci::session& sql, const Changes& changes) {
  Prepared<int, std::string, std::string, std::string> home(
      sql,
      "INSERT INTO home (id, public_id, code, phones) VALUES (:id, :public, :code, :phones)"
      " ON CONFLICT (id) DO UPDATE SET public_id = excluded.public_id, code = excluded.code,"
      " phones = excluded.phones");
  for (const Home& row : changes.homes) {
    home(number(row.id), row.public_id.str(), row.code, phones_text(row.phones));
  }
  Prepared<int, std::string, int, int, int, int, int, std::string, std::string> pupil(
      sql,
      "INSERT INTO pupil (id, public_id, school_id, class_id, home_id, access, standing, number, name)"
      " VALUES (:id, :public, :school, :class, :home, :access, :standing, :number, :name)"
      " ON CONFLICT (id) DO UPDATE SET public_id = excluded.public_id, school_id = excluded.school_id,"
      " class_id = excluded.class_id, home_id = excluded.home_id, access = excluded.access,"
      " standing = excluded.standing, number = excluded.number, name = excluded.name");
  for (const Pupil& row : changes.pupils) {
    pupil(number(row.id), row.public_id.str(), number(row.school), number(row.original_class),
          number(row.home), static_cast<int>(row.condition), static_cast<int>(row.standing), row.number,
          row.name);
  }
}

void save_staff(soci::session& sql, const Changes& changes) {
  Prepared<int, std::string, int, int, int, std::string, std::string> staff(
      sql,
      "INSERT INTO staff (id, public_id, school_id, standing, duties, number, name)"
      " VALUES (:id, :public, :school, :standing, :duties, :number, :name)"
      " ON CONFLICT (id) DO UPDATE SET public_id = excluded.public_id, school_id = excluded.school_id,"
      " standing = excluded.standing, duties = excluded.duties, number = excluded.number,"
      " name = excluded.name");
  Prepared<int> no_teaching(sql, "DELETE FROM teaching WHERE staff_id = :id");
  Prepared<int> no_leads(sql, "DELETE FROM prep_lead WHERE staff_id = :id");
  Prepared<int, int, int> teaching(
      sql, "INSERT INTO teaching (staff_id, class_id, subject_id) VALUES (:id, :class, :subject)");
  Prepared<int, int, int> lead(
      sql, "INSERT INTO prep_lead (staff_id, grade, subject_id) VALUES (:id, :grade, :subject)");
  for (const Staff& row : changes.staff) {
    const int id = number(row.id);
    staff(id, row.public_id.str(), number(row.school), static_cast<int>(row.standing), row.duties, row.number,
          row.name);
    no_teaching(id);
    no_leads(id);
    for (const Teaching& one : row.teaching) teaching(id, number(one.original_class), number(one.subject));
    for (const PrepLead& one : row.leads) lead(id, one.grade, number(one.subject));
  }
}

void save_groups(soci::session& sql, const Changes& changes) {
  Prepared<int, std::string, int, int, int, std::string> group(
      sql,
      "INSERT INTO layer_group (id, public_id, school_id, grade, subject_id, name)"
      " VALUES (:id, :public, :school, :grade, :subject, :name)"
      " ON CONFLICT (id) DO UPDATE SET public_id = excluded.public_id, school_id = excluded.school_id,"
      " grade = excluded.grade, subject_id = excluded.subject_id, name = excluded.name");
  Prepared<int> no_members(sql, "DELETE FROM group_member WHERE group_id = :id");
  Prepared<int, int> member(sql, "INSERT INTO group_member (group_id, pupil_id) VALUES (:group, :pupil)");
  for (const LayerGroup& row : changes.groups) {
    const int id = number(row.id);
    group(id, row.public_id.str(), number(row.school), row.grade, number(row.subject), row.name);
    no_members(id);
    for (const PupilId pupil : row.members) member(id, number(pupil));
  }
}

void erase_pupils(soci::session& sql, const Changes& changes) {
  Prepared<int> leave_groups(sql, "DELETE FROM group_member WHERE pupil_id = :id");
  Prepared<int, std::string, std::string, int> empty_row(
      sql,
      "UPDATE pupil SET standing = :standing, public_id = :public, number = :number, name = '', access = 0"
      " WHERE id = :id");
  Prepared<int, int> forget_home(
      sql,
      "UPDATE home SET code = '', phones = ''"
      " WHERE id = (SELECT home_id FROM pupil WHERE pupil.id = :id)"
      " AND NOT EXISTS (SELECT 1 FROM pupil WHERE pupil.home_id = home.id AND pupil.standing <> :erased)");
  Prepared<int> forget_feedback(sql, "DELETE FROM family_word WHERE pupil_id = :id");
  for (const PupilId pupil : changes.erased_pupils) {
    const std::string nobody = "erased/" + std::to_string(pupil.value);
    leave_groups(number(pupil));
    empty_row(kErased, nobody, nobody, number(pupil));
    forget_home(number(pupil), kErased);
    forget_feedback(number(pupil));
  }
}

}  // namespace

base::Result<Directory> load_directory(Store& store) {
  return guarded("reading people", [&]() -> base::Result<Directory> {
    Changes all;
    load_organisation(store.session(), all);
    load_pupils(store.session(), all);
    load_staff(store.session(), all);
    load_groups(store.session(), all);
    Directory directory;
    directory.apply(all);
    return directory;
  });
}

base::Result<void> save_changes(Store& store, const Changes& changes) {
  return guarded("saving people", [&]() -> base::Result<void> {
    soci::session& sql = store.session();
    save_organisation(sql, changes);
    save_pupils(sql, changes);
    save_staff(sql, changes);
    save_groups(sql, changes);
    erase_pupils(sql, changes);
    return {};
  });
}

}  // namespace tongke::school::store
