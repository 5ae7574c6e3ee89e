#include "school/store/migrations.hpp"

#include <soci/soci.h>

#include <array>
#include <string>
#include <vector>

namespace tongke::school::store {
namespace {

using Migration = std::vector<const char*>;

// Append only: a released migration never changes.
const std::array<Migration, 10>& migrations() {
  static const std::array<Migration, 10> all = {{
      {"CREATE TABLE lesson ("
       " id TEXT PRIMARY KEY,"
       " title TEXT NOT NULL,"
       " publish_key TEXT NOT NULL,"
       " state INTEGER NOT NULL,"
       " created_ms BIGINT NOT NULL,"
       " started_ms BIGINT,"
       " ended_ms BIGINT,"
       " seats INTEGER NOT NULL)"},
      // The organisation and its people (school/people/model.hpp), and who is where in a lesson.
      {"CREATE TABLE district (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
       "CREATE TABLE school ("
       " id INTEGER PRIMARY KEY,"
       " public_id TEXT NOT NULL UNIQUE,"
       " name TEXT NOT NULL UNIQUE,"
       " low_to INTEGER NOT NULL,"
       " upper_to INTEGER NOT NULL,"
       " junior_to INTEGER NOT NULL)",
       "CREATE TABLE subject (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
       "CREATE TABLE original_class ("
       " id INTEGER PRIMARY KEY,"
       " public_id TEXT NOT NULL UNIQUE,"
       " school_id INTEGER NOT NULL REFERENCES school (id),"
       " grade INTEGER NOT NULL,"
       " number INTEGER NOT NULL,"
       " homeroom_id INTEGER NOT NULL,"
       " UNIQUE (school_id, grade, number))",
       "CREATE TABLE home ("
       " id INTEGER PRIMARY KEY,"
       " public_id TEXT NOT NULL UNIQUE,"
       " code TEXT NOT NULL,"
       " phones TEXT NOT NULL)",
       "CREATE TABLE pupil ("
       " id INTEGER PRIMARY KEY,"
       " public_id TEXT NOT NULL UNIQUE,"
       " school_id INTEGER NOT NULL REFERENCES school (id),"
       " class_id INTEGER NOT NULL REFERENCES original_class (id),"
       " home_id INTEGER NOT NULL REFERENCES home (id),"
       " access INTEGER NOT NULL,"
       " standing INTEGER NOT NULL,"
       " number TEXT NOT NULL,"
       " name TEXT NOT NULL,"
       " UNIQUE (school_id, number))",
       "CREATE INDEX pupil_of_class ON pupil (class_id)", "CREATE INDEX pupil_of_home ON pupil (home_id)",
       // school_id 0: the district's own people.
       "CREATE TABLE staff ("
       " id INTEGER PRIMARY KEY,"
       " public_id TEXT NOT NULL UNIQUE,"
       " school_id INTEGER NOT NULL,"
       " standing INTEGER NOT NULL,"
       " duties INTEGER NOT NULL,"
       " number TEXT NOT NULL,"
       " name TEXT NOT NULL)",
       "CREATE TABLE teaching ("
       " staff_id INTEGER NOT NULL REFERENCES staff (id),"
       " class_id INTEGER NOT NULL REFERENCES original_class (id),"
       " subject_id INTEGER NOT NULL REFERENCES subject (id),"
       " PRIMARY KEY (staff_id, class_id, subject_id))",
       "CREATE TABLE prep_lead ("
       " staff_id INTEGER NOT NULL REFERENCES staff (id),"
       " grade INTEGER NOT NULL,"
       " subject_id INTEGER NOT NULL REFERENCES subject (id),"
       " PRIMARY KEY (staff_id, grade, subject_id))",
       "CREATE TABLE layer_group ("
       " id INTEGER PRIMARY KEY,"
       " public_id TEXT NOT NULL UNIQUE,"
       " school_id INTEGER NOT NULL REFERENCES school (id),"
       " grade INTEGER NOT NULL,"
       " subject_id INTEGER NOT NULL REFERENCES subject (id),"
       " name TEXT NOT NULL,"
       " UNIQUE (school_id, grade, subject_id, name))",
       "CREATE TABLE group_member ("
       " group_id INTEGER NOT NULL REFERENCES layer_group (id),"
       " pupil_id INTEGER NOT NULL REFERENCES pupil (id),"
       " PRIMARY KEY (group_id, pupil_id))",
       "CREATE INDEX group_of_pupil ON group_member (pupil_id)",
       "ALTER TABLE lesson ADD COLUMN mode INTEGER NOT NULL DEFAULT 0",
       // class_id or group_id is 0; teacher_id 0: not named yet.
       "CREATE TABLE room ("
       " id INTEGER PRIMARY KEY,"
       " public_id TEXT NOT NULL UNIQUE,"
       " lesson_id TEXT NOT NULL REFERENCES lesson (id),"
       " class_id INTEGER NOT NULL,"
       " group_id INTEGER NOT NULL,"
       " teacher_id INTEGER NOT NULL)",
       "CREATE INDEX room_of_lesson ON room (lesson_id)",
       "CREATE TABLE lesson_lead ("
       " lesson_id TEXT NOT NULL REFERENCES lesson (id),"
       " place INTEGER NOT NULL,"
       " staff_id INTEGER NOT NULL,"
       " from_ms BIGINT NOT NULL,"
       " PRIMARY KEY (lesson_id, place))"},
      // Office accounts, which personal links are good, and who looked at children's data.
      {"CREATE TABLE account ("
       " id INTEGER PRIMARY KEY,"
       " login TEXT NOT NULL UNIQUE,"
       " staff_id INTEGER NOT NULL REFERENCES staff (id),"
       " password TEXT NOT NULL,"
       " disabled INTEGER NOT NULL,"
       " created_ms BIGINT NOT NULL,"
       " changed_ms BIGINT NOT NULL)",
       // bearer as links::Bearer; person is that kind's row.
       "CREATE TABLE link_version ("
       " bearer INTEGER NOT NULL,"
       " person INTEGER NOT NULL,"
       " version INTEGER NOT NULL,"
       " PRIMARY KEY (bearer, person))",
       "CREATE TABLE link_withdrawn ("
       " lesson_id TEXT NOT NULL REFERENCES lesson (id),"
       " seat INTEGER NOT NULL,"
       " PRIMARY KEY (lesson_id, seat))",
       // Rows stay when those they are about are erased; 0 = none.
       "CREATE TABLE access_log ("
       " id BIGINT PRIMARY KEY,"
       " at_ms BIGINT NOT NULL,"
       " staff_id INTEGER NOT NULL,"
       " home_id INTEGER NOT NULL,"
       " act TEXT NOT NULL,"
       " school_id INTEGER NOT NULL,"
       " class_id INTEGER NOT NULL,"
       " pupil_id INTEGER NOT NULL,"
       " reason TEXT NOT NULL,"
       " approver_id INTEGER NOT NULL)",
       "CREATE INDEX access_of_pupil ON access_log (pupil_id, id)",
       "CREATE INDEX access_of_class ON access_log (class_id, id)",
       "CREATE INDEX access_of_school ON access_log (school_id, id)"},
      // The timetable (school/schedule), air time, activated plans, and what retention keeps or proves.
      // Not set: 0 for ids and grades, -1 for stages and weeks (days since 1970 of their Monday).
      {"CREATE TABLE timetable_state ("
       " id INTEGER PRIMARY KEY,"
       " generation BIGINT NOT NULL,"
       " next_row BIGINT NOT NULL,"
       " publication INTEGER NOT NULL,"
       " published_ms BIGINT NOT NULL,"
       " published_by TEXT NOT NULL)",
       "INSERT INTO timetable_state (id, generation, next_row, publication, published_ms, published_by)"
       " VALUES (1, 0, 1, 0, 0, '')",
       // edition: 0 draft, 1 published, 2 what the last publication replaced.
       "CREATE TABLE timetable_sheet ("
       " id INTEGER PRIMARY KEY,"
       " edition INTEGER NOT NULL,"
       " publication INTEGER NOT NULL,"
       " stage INTEGER NOT NULL,"
       " grade INTEGER NOT NULL,"
       " school_id INTEGER NOT NULL,"
       " class_id INTEGER NOT NULL,"
       " monday INTEGER NOT NULL,"
       " UNIQUE (edition, stage, grade, school_id, class_id, monday))",
       "CREATE TABLE timetable_row ("
       " sheet_id INTEGER NOT NULL REFERENCES timetable_sheet (id),"
       " row_id INTEGER NOT NULL,"
       " place INTEGER NOT NULL,"
       " day INTEGER NOT NULL,"
       " period INTEGER NOT NULL,"
       " start_minute INTEGER NOT NULL,"
       " minutes INTEGER NOT NULL,"
       " kind INTEGER NOT NULL,"
       " delivery INTEGER NOT NULL,"
       " subject_id INTEGER NOT NULL,"
       " lead_id INTEGER NOT NULL,"
       " place_id INTEGER NOT NULL,"
       " invited INTEGER NOT NULL,"
       " blank INTEGER NOT NULL,"
       " goal TEXT NOT NULL,"
       " advice TEXT NOT NULL,"
       " evaluation INTEGER NOT NULL,"
       " evaluation_text TEXT NOT NULL,"
       " PRIMARY KEY (sheet_id, row_id))",
       "CREATE TABLE timetable_row_group ("
       " sheet_id INTEGER NOT NULL REFERENCES timetable_sheet (id),"
       " row_id INTEGER NOT NULL,"
       " place INTEGER NOT NULL,"
       " group_id INTEGER NOT NULL,"
       " PRIMARY KEY (sheet_id, row_id, place))",
       "CREATE TABLE timetable_place ("
       " id INTEGER PRIMARY KEY,"
       " school_id INTEGER NOT NULL,"
       " name TEXT NOT NULL,"
       " UNIQUE (school_id, name))",
       "CREATE TABLE weekly_hours ("
       " grade INTEGER NOT NULL,"
       " subject_id INTEGER NOT NULL REFERENCES subject (id),"
       " lessons INTEGER NOT NULL,"
       " PRIMARY KEY (grade, subject_id))",
       "CREATE TABLE month_plan ("
       " monday INTEGER NOT NULL,"
       " stage INTEGER NOT NULL,"
       " state INTEGER NOT NULL,"
       " note TEXT NOT NULL,"
       " PRIMARY KEY (monday, stage))",
       // What the rules of the hour need of a lesson; one without a row is nobody's plan.
       "CREATE TABLE lesson_hours ("
       " lesson_id TEXT PRIMARY KEY REFERENCES lesson (id),"
       " kind INTEGER NOT NULL,"
       " invited INTEGER NOT NULL,"
       " plan INTEGER NOT NULL,"
       " row_id BIGINT NOT NULL,"
       " first_room INTEGER NOT NULL,"
       " starts_ms BIGINT NOT NULL,"
       " ends_ms BIGINT NOT NULL)",
       "CREATE TABLE plan ("
       " id INTEGER PRIMARY KEY,"
       " day INTEGER NOT NULL,"
       " drill INTEGER NOT NULL,"
       " state INTEGER NOT NULL,"
       " reason TEXT NOT NULL,"
       " made_by TEXT NOT NULL,"
       " made_ms BIGINT NOT NULL)",
       "CREATE TABLE air_interval ("
       " lesson_id TEXT NOT NULL,"
       " class_id INTEGER NOT NULL,"
       " group_id INTEGER NOT NULL,"
       " drill INTEGER NOT NULL,"
       " from_ms BIGINT NOT NULL,"
       " to_ms BIGINT NOT NULL,"
       " PRIMARY KEY (lesson_id, class_id, group_id, from_ms))",
       // Two people set a hold and two take it off; second_by is empty until the second has agreed.
       "CREATE TABLE retention_hold ("
       " lesson_id TEXT PRIMARY KEY,"
       " reason TEXT NOT NULL,"
       " first_by TEXT NOT NULL,"
       " first_ms BIGINT NOT NULL,"
       " second_by TEXT NOT NULL,"
       " second_ms BIGINT NOT NULL,"
       " release_by TEXT NOT NULL)",
       // Each line's chain is a hash over the line before and itself: none can be taken out unseen.
       "CREATE TABLE deletion_log ("
       " id INTEGER PRIMARY KEY,"
       " at_ms BIGINT NOT NULL,"
       " kind TEXT NOT NULL,"
       " lesson_id TEXT NOT NULL,"
       " items BIGINT NOT NULL,"
       " bytes BIGINT NOT NULL,"
       " hash TEXT NOT NULL,"
       " chain TEXT NOT NULL)"},
      // 5: the lesson's card, as it was when the lesson was made.
      {"ALTER TABLE lesson_hours ADD COLUMN goal TEXT NOT NULL DEFAULT ''",
       "ALTER TABLE lesson_hours ADD COLUMN advice TEXT NOT NULL DEFAULT ''",
       "ALTER TABLE lesson_hours ADD COLUMN evaluation INTEGER NOT NULL DEFAULT 0",
       "ALTER TABLE lesson_hours ADD COLUMN evaluation_text TEXT NOT NULL DEFAULT ''"},
      // 6: wishes for what needs a reason, for a day; class_id and pupil_id 0: all of the school's.
      {"CREATE TABLE approval ("
       " id TEXT PRIMARY KEY,"
       " asker_id INTEGER NOT NULL,"
       " act TEXT NOT NULL,"
       " school_id INTEGER NOT NULL,"
       " class_id INTEGER NOT NULL,"
       " pupil_id INTEGER NOT NULL,"
       " reason TEXT NOT NULL,"
       " asked_ms BIGINT NOT NULL,"
       " state INTEGER NOT NULL,"
       " approver_id INTEGER NOT NULL)"},
      // 7: spot checks (school/inspection). The draw with drawn_ms 0 is the one to come.
      {"CREATE TABLE inspection_draw ("
       " id TEXT PRIMARY KEY,"
       " number INTEGER NOT NULL UNIQUE,"
       " secret TEXT NOT NULL,"
       " committed_ms BIGINT NOT NULL,"
       " drawn_ms BIGINT NOT NULL,"
       " staff_id INTEGER NOT NULL,"
       " words TEXT NOT NULL,"
       " wanted INTEGER NOT NULL)",
       // What was on air; place is 0, or the lesson's among those drawn.
       "CREATE TABLE inspection_on_air ("
       " draw_id TEXT NOT NULL REFERENCES inspection_draw (id),"
       " lesson_id TEXT NOT NULL,"
       " school TEXT NOT NULL,"
       " stage TEXT NOT NULL,"
       " subject TEXT NOT NULL,"
       " place INTEGER NOT NULL,"
       " PRIMARY KEY (draw_id, lesson_id))",
       // Rows stay when the lesson goes. signed_ms 0: still being looked at.
       "CREATE TABLE spot_check ("
       " id TEXT PRIMARY KEY,"
       " number BIGINT NOT NULL UNIQUE,"
       " draw_id TEXT NOT NULL REFERENCES inspection_draw (id),"
       " lesson_id TEXT NOT NULL,"
       " school_id INTEGER NOT NULL,"
       " lead_id INTEGER NOT NULL,"
       " staff_id INTEGER NOT NULL,"
       " opened_ms BIGINT NOT NULL,"
       " signed_ms BIGINT NOT NULL,"
       " record TEXT NOT NULL,"
       " seal TEXT NOT NULL)",
       // webp in base64url: one form for both kinds of database.
       "CREATE TABLE spot_check_still ("
       " check_id TEXT NOT NULL REFERENCES spot_check (id),"
       " place INTEGER NOT NULL,"
       " at_ms BIGINT NOT NULL,"
       " webp TEXT NOT NULL,"
       " PRIMARY KEY (check_id, place))"},
      // 8: what families say of a week, once a child (school/feedback). owner -1: no ticket came of it;
      // answered_ms and closed_ms 0: not yet.
      {"CREATE TABLE feedback ("
       " id TEXT PRIMARY KEY,"
       " pupil_id INTEGER NOT NULL,"
       " school_id INTEGER NOT NULL,"
       " class_id INTEGER NOT NULL,"
       " monday INTEGER NOT NULL,"
       " picture INTEGER NOT NULL,"
       " sound INTEGER NOT NULL,"
       " pace INTEGER NOT NULL,"
       " text TEXT NOT NULL,"
       " said_ms BIGINT NOT NULL,"
       " owner INTEGER NOT NULL,"
       " due_ms BIGINT NOT NULL,"
       " answer TEXT NOT NULL,"
       " staff_id INTEGER NOT NULL,"
       " answered_ms BIGINT NOT NULL,"
       " closed_ms BIGINT NOT NULL,"
       " UNIQUE (pupil_id, monday))",
       "CREATE INDEX ticket_of_school ON feedback (school_id, closed_ms)"},
      // 9: the same, of a lesson too (lesson_id "": of the week), and since when a ticket's owner has it.
      {"CREATE TABLE family_word ("
       " id TEXT PRIMARY KEY, pupil_id INTEGER NOT NULL, school_id INTEGER NOT NULL,"
       " class_id INTEGER NOT NULL, monday INTEGER NOT NULL, lesson_id TEXT NOT NULL,"
       " lesson_title TEXT NOT NULL, picture INTEGER NOT NULL, sound INTEGER NOT NULL,"
       " pace INTEGER NOT NULL, text TEXT NOT NULL, said_ms BIGINT NOT NULL, owner INTEGER NOT NULL,"
       " since_ms BIGINT NOT NULL, due_ms BIGINT NOT NULL, answer TEXT NOT NULL,"
       " staff_id INTEGER NOT NULL, answered_ms BIGINT NOT NULL, closed_ms BIGINT NOT NULL,"
       " UNIQUE (pupil_id, monday, lesson_id))",
       "INSERT INTO family_word (id, pupil_id, school_id, class_id, monday, lesson_id, lesson_title, picture,"
       " sound, pace, text, said_ms, owner, since_ms, due_ms, answer, staff_id, answered_ms, closed_ms)"
       " SELECT id, pupil_id, school_id, class_id, monday, '', '', picture, sound, pace, text, said_ms, "
       "owner,"
       " said_ms, due_ms, answer, staff_id, answered_ms, closed_ms FROM feedback",
       "DROP TABLE feedback", "CREATE INDEX ticket_of_school ON family_word (school_id, closed_ms)"},
      // 10: who of a school is on duty (school/duty_roster); day: days since 1970.
      {"CREATE TABLE duty_turn (school_id INTEGER NOT NULL REFERENCES school (id), day INTEGER NOT NULL,"
       " post INTEGER NOT NULL, staff_id INTEGER NOT NULL REFERENCES staff (id), phone TEXT NOT NULL,"
       " PRIMARY KEY (school_id, day, post))"},
  }};
  return all;
}

// One at a time on a PostgreSQL; the number is ours alone. SQLite's write lock is enough.
class Turn {
 public:
  explicit Turn(soci::session& session) : session_(session) {
    if (held()) session_ << "SELECT pg_advisory_lock(5420001)";
  }
  ~Turn() {
    if (!held()) return;
    try {
      session_ << "SELECT pg_advisory_unlock(5420001)";
    } catch (const std::exception&) {
      // The connection is gone, and the lock with it.
    }
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  [[nodiscard]] bool held() const { return session_.get_backend_name() == "postgresql"; }
  soci::session& session_;
};

}  // namespace

int latest_version() noexcept { return static_cast<int>(migrations().size()); }

int schema_version(soci::session& session) {
  session << "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)";
  int version = 0;
  session << "SELECT COALESCE(MAX(version), 0) FROM schema_version", soci::into(version);
  return version;
}

base::Result<void> migrate(soci::session& session, int target) {
  const Turn turn(session);
  const int version = schema_version(session);
  if (version > latest_version()) {
    return base::Error{base::Errc::unavailable, "made by a newer Tongke (schema " + std::to_string(version) +
                                                    "); this one knows " + std::to_string(latest_version())};
  }
  for (int next = version + 1; next <= target; ++next) {
    soci::transaction transaction(session);
    for (const char* statement : migrations().at(static_cast<std::size_t>(next) - 1)) session << statement;
    session << "INSERT INTO schema_version (version) VALUES (:v)", soci::use(next);
    transaction.commit();
  }
  return {};
}

}  // namespace tongke::school::store
