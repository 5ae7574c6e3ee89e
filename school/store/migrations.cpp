#include "school/store/migrations.hpp"

#include <soci/soci.h>

#include <array>
#include <string>
#include <vector>

namespace tongke::school::store {
namespace {

using Migration = std::vector<const char*>;

// Append only: a released migration never changes.
const std::array<Migration, 3>& migrations() {
  static const std::array<Migration, 3> all = {{
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
