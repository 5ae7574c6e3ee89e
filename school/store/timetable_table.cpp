#include "school/store/timetable_table.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

using schedule::Changes;
using schedule::SheetKey;
using schedule::Sheets;
using schedule::Timetable;
namespace tt = timetable;

/// Which of a key's sheets: as it is worked on, as it holds, as it held before the last publication.
enum Edition : int { draft = 0, published = 1, former = 2 };

// Numbers in place of what is not set: 0 for ids and grades, -1 for stages and weeks.
int stage_number(const tt::Scope& scope) { return scope.stage ? static_cast<int>(*scope.stage) : -1; }
int grade_number(const tt::Scope& scope) { return scope.grade.value_or(0); }
int monday_number(const SheetKey& key) {
  return key.week ? static_cast<int>(key.week->monday.time_since_epoch().count()) : -1;
}
template <class Tag>
int number(const std::optional<tt::Id<Tag>>& id) {
  return id ? static_cast<int>(id->value) : 0;
}
template <class I>
std::optional<I> optional_id(int number) {
  return number == 0 ? std::nullopt : std::optional(I{number});
}

SheetKey key_of(int stage, int grade, int school, int in_class, int monday) {
  SheetKey key;
  if (stage >= 0) key.scope.stage = static_cast<tt::Stage>(stage);
  if (grade > 0) key.scope.grade = static_cast<tt::Grade>(grade);
  key.scope.school = optional_id<tt::SchoolId>(school);
  key.scope.class_id = optional_id<tt::ClassId>(in_class);
  if (monday >= 0) key.week = tt::Week{tt::Date(std::chrono::days(monday))};
  return key;
}

// ---- reading ----

struct SheetAt {
  Edition edition = draft;
  SheetKey key;
};

std::map<int, schedule::Rows> load_rows(soci::session& sql) {
  std::map<int, schedule::Rows> rows;
  each_row<int, int, int, int, int, int, int, int>(
      sql,
      "SELECT sheet_id, row_id, day, period, start_minute, minutes, kind, delivery FROM timetable_row"
      " ORDER BY sheet_id, place",
      [&](int sheet, int id, int day, int period, int start, int minutes, int kind, int delivery) {
        tt::Row& row = rows[sheet].emplace_back();
        row.slot.id = {id};
        row.slot.day = tt::Weekday(static_cast<unsigned>(day) % 7);
        row.slot.period = period;
        row.slot.start = tt::Minutes(start);
        row.slot.length = tt::Minutes(minutes);
        row.slot.kind = static_cast<tt::Kind>(kind);
        row.slot.delivery = static_cast<tt::Delivery>(delivery);
      });
  int sheet_before = 0;
  std::size_t at = 0;
  each_row<int, int, int, int, int, int, std::string, std::string, int, std::string>(
      sql,
      "SELECT sheet_id, subject_id, lead_id, place_id, invited, blank, goal, advice, evaluation,"
      " evaluation_text FROM timetable_row ORDER BY sheet_id, place",
      [&](int sheet, int subject, int lead, int place, int invited, int blank, const std::string& goal,
          const std::string& advice, int evaluation, const std::string& text) {
        at = sheet == sheet_before ? at + 1 : 0;
        sheet_before = sheet;
        tt::Row& row = rows[sheet].at(at);
        row.slot.subject = optional_id<tt::SubjectId>(subject);
        row.slot.lead = optional_id<tt::TeacherId>(lead);
        row.slot.place = optional_id<tt::PlaceId>(place);
        row.slot.invited = static_cast<std::uint32_t>(invited);
        row.slot.card = {goal, advice, static_cast<tt::Evaluation>(evaluation), text};
        row.blank = blank != 0;
      });
  each_row<int, int, int>(
      sql, "SELECT sheet_id, row_id, group_id FROM timetable_row_group ORDER BY sheet_id, row_id, place",
      [&](int sheet, int id, int group) {
        for (tt::Row& row : rows[sheet])
          if (row.slot.id.value == id) row.slot.groups.push_back({group});
      });
  return rows;
}

void load_sheets(soci::session& sql, Timetable& timetable) {
  auto rows = load_rows(sql);
  each_row<int, int, int, int, int, int, int, int>(
      sql, "SELECT id, edition, publication, stage, grade, school_id, class_id, monday FROM timetable_sheet",
      [&](int id, int edition, int publication, int stage, int grade, int school, int in_class, int monday) {
        const SheetKey key = key_of(stage, grade, school, in_class, monday);
        Sheets& sheets = edition == draft       ? timetable.drafts
                         : edition == published ? timetable.published
                                                : timetable.last.former;
        sheets.emplace(key, std::move(rows[id]));
        if (edition != draft && publication != 0 && publication == timetable.last.number)
          timetable.last.keys.insert(key);
      });
}

void load_rest(soci::session& sql, Timetable& timetable) {
  each_row<int, int, std::string>(
      sql, "SELECT id, school_id, name FROM timetable_place ORDER BY id",
      [&](int id, int school, const std::string& name) {
        timetable.places.push_back({{id}, people::SchoolId{static_cast<std::uint32_t>(school)}, name});
      });
  each_row<int, int, int>(sql, "SELECT grade, subject_id, lessons FROM weekly_hours",
                          [&](int grade, int subject, int lessons) {
                            timetable.weekly_hours[{static_cast<tt::Grade>(grade), {subject}}] = lessons;
                          });
  each_row<int, int, int, std::string>(
      sql, "SELECT monday, stage, state, note FROM month_plan",
      [&](int monday, int stage, int state, const std::string& note) {
        timetable.months[{tt::Week{tt::Date(std::chrono::days(monday))}, static_cast<tt::Stage>(stage)}] = {
            static_cast<tt::WeekPlan::State>(state), note};
      });
}

// ---- writing ----

class Writer {
 public:
  explicit Writer(soci::session& sql)
      : sql_(sql),
        row_(sql,
             "INSERT INTO timetable_row (sheet_id, row_id, place, day, period, start_minute, minutes, kind,"
             " delivery, subject_id, lead_id, place_id, invited, blank, goal, advice, evaluation,"
             " evaluation_text) VALUES (:s, :r, :p, :d, :n, :f, :m, :k, :l, :u, :t, :w, :i, :b, :g, :a, :e, "
             ":x)"),
        group_(
            sql,
            "INSERT INTO timetable_row_group (sheet_id, row_id, place, group_id) VALUES (:s, :r, :p, :g)") {
    each_row<int, int, int, int, int, int, int>(
        sql_, "SELECT id, edition, stage, grade, school_id, class_id, monday FROM timetable_sheet",
        [&](int id, int in, int stage, int grade, int school, int in_class, int monday) {
          known_[{in, {stage, grade, school, in_class, monday}}] = id;
          next_sheet_ = std::max(next_sheet_, id + 1);
        });
  }

  void remove(Edition edition, const SheetKey& key) {
    if (const auto found = known_.find({edition, columns(key)}); found != known_.end()) remove(found->second);
  }
  void remove_former() {
    for (const auto& [which, id] : known_)
      if (which.first == former) remove(id);
  }

  void put(Edition edition, int publication, const SheetKey& key, const schedule::Rows& rows) {
    if (rows.empty()) return;
    const int id = next_sheet_++;
    const int in = edition;
    const auto [stage, grade, school, in_class, monday] = columns(key);
    Prepared<int, int, int, int, int, int, int, int>(
        sql_,
        "INSERT INTO timetable_sheet (id, edition, publication, stage, grade, school_id, class_id, monday)"
        " VALUES (:i, :e, :p, :s, :g, :o, :c, :m)")(id, in, publication, stage, grade, school, in_class,
                                                    monday);
    int place = 0;
    for (const tt::Row& row : rows) put_row(id, place++, row);
  }

 private:
  using Columns = std::tuple<int, int, int, int, int>;
  static Columns columns(const SheetKey& key) {
    return {stage_number(key.scope), grade_number(key.scope), number(key.scope.school),
            number(key.scope.class_id), monday_number(key)};
  }
  void remove(int id) {
    sql_ << "DELETE FROM timetable_row_group WHERE sheet_id = :id", soci::use(id);
    sql_ << "DELETE FROM timetable_row WHERE sheet_id = :id", soci::use(id);
    sql_ << "DELETE FROM timetable_sheet WHERE id = :id", soci::use(id);
  }
  void put_row(int sheet, int place, const tt::Row& row) {
    const tt::Slot& slot = row.slot;
    const int id = static_cast<int>(slot.id.value);
    row_(sheet, id, place, tt::iso_day(slot.day), slot.period, static_cast<int>(slot.start.count()),
         static_cast<int>(slot.length.count()), static_cast<int>(slot.kind), static_cast<int>(slot.delivery),
         number(slot.subject), number(slot.lead), number(slot.place), static_cast<int>(slot.invited),
         row.blank ? 1 : 0, slot.card.goal, slot.card.advice, static_cast<int>(slot.card.evaluation),
         slot.card.evaluation_text);
    int at = 0;
    for (const tt::GroupId group : slot.groups) group_(sheet, id, at++, static_cast<int>(group.value));
  }

  soci::session& sql_;
  Prepared<int, int, int, int, int, int, int, int, int, int, int, int, int, int, std::string, std::string,
           int, std::string>
      row_;
  Prepared<int, int, int, int> group_;
  std::map<std::pair<int, Columns>, int> known_;  // sheets that were there before, by edition and key
  int next_sheet_ = 1;
};

void save_sheets(soci::session& sql, const Timetable& before, const Changes& changes) {
  Writer writer(sql);
  for (const auto& [key, rows] : changes.drafts) {
    if (before.drafts.contains(key)) writer.remove(draft, key);
    writer.put(draft, 0, key, rows);
  }
  if (!changes.transition) return;
  writer.remove_former();
  const auto& [now, last] = *changes.transition;
  const int publication = last.keys.empty() ? 0 : static_cast<int>(last.number);
  for (const auto& [key, rows] : now) {
    if (before.published.contains(key)) writer.remove(published, key);
    writer.put(published, publication, key, rows);
  }
  for (const auto& [key, rows] : last.former) writer.put(former, publication, key, rows);
}

void save_rest(soci::session& sql, const Timetable& after, const Changes& changes) {
  Prepared<int, int, std::string> place(
      sql, "INSERT INTO timetable_place (id, school_id, name) VALUES (:i, :s, :n)");
  for (const auto& one : changes.new_places)
    place(static_cast<int>(one.id.value), static_cast<int>(one.school.value), one.name);
  if (changes.weekly_hours) {
    sql << "DELETE FROM weekly_hours";
    Prepared<int, int, int> hours(
        sql, "INSERT INTO weekly_hours (grade, subject_id, lessons) VALUES (:g, :s, :l)");
    for (const auto& [what, lessons] : after.weekly_hours)
      hours(static_cast<int>(what.first), static_cast<int>(what.second.value), lessons);
  }
  if (changes.months) {
    sql << "DELETE FROM month_plan";
    Prepared<int, int, int, std::string> plan(
        sql, "INSERT INTO month_plan (monday, stage, state, note) VALUES (:m, :s, :t, :n)");
    for (const auto& [cell, one] : after.months) {
      plan(static_cast<int>(cell.first.monday.time_since_epoch().count()), static_cast<int>(cell.second),
           static_cast<int>(one.state), one.note);
    }
  }
}

}  // namespace

base::Result<std::int64_t> timetable_generation(Store& store) {
  return guarded("reading the timetable", [&]() -> base::Result<std::int64_t> {
    long long generation = 0;
    store.session() << "SELECT generation FROM timetable_state WHERE id = 1", soci::into(generation);
    return static_cast<std::int64_t>(generation);
  });
}

base::Result<Timetable> load_timetable(Store& store) {
  return guarded("reading the timetable", [&]() -> base::Result<Timetable> {
    Transaction whole(store);  // one moment, whatever another process writes meanwhile
    soci::session& sql = store.session();
    Timetable timetable;
    each_row<long long, long long, int, long long, std::string>(
        sql, "SELECT generation, next_row, publication, published_ms, published_by FROM timetable_state",
        [&](long long generation, long long next_row, int publication, long long at, const std::string& by) {
          timetable.generation = generation;
          timetable.next_row = next_row;
          timetable.last.number = publication;
          timetable.last.at = wall(at);
          timetable.last.by = by;
        });
    load_sheets(sql, timetable);
    load_rest(sql, timetable);
    return timetable;
  });
}

base::Result<void> save_timetable(Store& store, const Timetable& before, const Timetable& after,
                                  const Changes& changes) {
  return guarded("saving the timetable", [&]() -> base::Result<void> {
    Transaction transaction(store);
    soci::session& sql = store.session();
    const long long old = before.generation;
    const long long generation = old + 1;
    const long long next_row = after.next_row;
    const int publication = static_cast<int>(after.last.number);
    const long long at = ms(after.last.at);
    soci::statement claim = (sql.prepare << "UPDATE timetable_state SET generation = :new, next_row = :next,"
                                            " publication = :number, published_ms = :at, published_by = :by"
                                            " WHERE id = 1 AND generation = :old",
                             soci::use(generation), soci::use(next_row), soci::use(publication),
                             soci::use(at), soci::use(after.last.by), soci::use(old));
    claim.execute(true);
    if (claim.get_affected_rows() != 1)
      return base::Error{base::Errc::conflict, "the timetable was changed by somebody else; look again"};
    save_sheets(sql, before, changes);
    save_rest(sql, after, changes);
    transaction.commit();
    return {};
  });
}

}  // namespace tongke::school::store
