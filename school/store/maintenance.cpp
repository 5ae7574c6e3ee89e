#include "school/store/maintenance.hpp"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/fd.hpp"
#include "school/store/migrations.hpp"
#include "school/store/postgres_tools.hpp"
#include "school/store/rows.hpp"
#include "school/store/store.hpp"

namespace tongke::school::store {
namespace {

using base::Errc;
using base::Error;
using base::Result;
namespace fs = std::filesystem;

Error failed(const fs::path& file) { return Error{Errc::io, file.string() + ": " + std::strerror(errno)}; }

fs::path beside(const fs::path& file, const char* ending) { return fs::path(file) += ending; }

// On disk for good, under its name.
Result<void> settle(const fs::path& from, const fs::path& to) {
  const base::Fd content(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!content || ::fsync(content.get()) != 0 || ::rename(from.c_str(), to.c_str()) != 0) return failed(from);
  const fs::path folder = to.has_parent_path() ? to.parent_path() : fs::path(".");
  const base::Fd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) return failed(folder);
  return {};
}

Result<void> dump(const Location& location, const fs::path& to) {
  if (location.backend == Backend::postgresql) {
    return run_postgres_tool(location.url,
                             {"pg_dump", "--format=custom", "--no-owner", "--file=" + to.string()});
  }
  if (!fs::exists(location.file))
    return Error{Errc::not_found, location.file.string() + ": no such database"};
  auto store = Store::open(location);
  if (!store) return std::move(store).error();
  const std::string path = to.string();
  store->session() << "VACUUM INTO :file", soci::use(path);
  return {};
}

// A copy that is whole, ours and not from the future.
Result<void> check_copy(const fs::path& file) {
  soci::session sql(soci::sqlite3, "db=\"" + file.string() + "\"");
  std::string verdict;
  sql << "PRAGMA integrity_check", soci::into(verdict);
  if (verdict != "ok") return Error{Errc::invalid, "the backup is damaged: " + verdict};
  int ours = 0;
  sql << "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('schema_version', 'lesson')",
      soci::into(ours);
  if (ours != 2) return Error{Errc::invalid, "a database, but none of Tongke's"};
  if (schema_version(sql) > latest_version()) return Error{Errc::unavailable, "made by a newer Tongke"};
  return {};
}

Result<void> restore_sqlite(const fs::path& database, const fs::path& file) {
  const fs::path copy = beside(database, ".restoring");
  std::error_code error;
  fs::copy_file(file, copy, fs::copy_options::overwrite_existing, error);
  if (!error) fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write, error);
  if (error) return Error{Errc::io, copy.string() + ": " + error.message()};
  Result<void> sound = Error{Errc::invalid, file.string() + ": no database"};
  try {
    sound = check_copy(copy);
  } catch (const soci::soci_error&) {
    // Not even a database: what `sound` says already.
  }
  if (!sound) {
    fs::remove(copy, error);
    return std::move(sound).error().in(file.string());
  }
  // The log belongs to the database that goes; with the new one it would be damage.
  for (const char* ending : {"", "-wal", "-shm"}) {
    const fs::path old = beside(database, ending);
    if (fs::exists(old)) fs::rename(old, beside(database, ".before-restore") += ending, error);
    if (error) return Error{Errc::io, old.string() + ": " + error.message()};
  }
  return settle(copy, database);
}

// Rows that name a row which is not there; foreign keys guard the rest.
constexpr std::array<std::pair<const char*, const char*>, 5> kOrphans = {{
    {"homeroom teachers that do not exist",
     "SELECT COUNT(*) FROM original_class WHERE homeroom_id <> 0"
     " AND NOT EXISTS (SELECT 1 FROM staff WHERE staff.id = homeroom_id)"},
    {"staff of schools that do not exist",
     "SELECT COUNT(*) FROM staff WHERE school_id <> 0"
     " AND NOT EXISTS (SELECT 1 FROM school WHERE school.id = school_id)"},
    {"pupils whose class is another school's",
     "SELECT COUNT(*) FROM pupil WHERE school_id <>"
     " (SELECT school_id FROM original_class WHERE original_class.id = pupil.class_id)"},
    {"rooms of classes that do not exist",
     "SELECT COUNT(*) FROM room WHERE class_id <> 0"
     " AND NOT EXISTS (SELECT 1 FROM original_class WHERE original_class.id = class_id)"},
    {"rooms of layer groups that do not exist",
     "SELECT COUNT(*) FROM room WHERE group_id <> 0"
     " AND NOT EXISTS (SELECT 1 FROM layer_group WHERE layer_group.id = group_id)"},
}};

}  // namespace

Result<void> backup(const Location& location, const fs::path& file) {
  if (fs::exists(file)) return Error{Errc::conflict, file.string() + ": is there already"};
  const fs::path part = beside(file, ".part");
  // Made first, so that nobody else can ever read it; both tools write into an empty file.
  if (!base::Fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600))) return failed(part);
  Result<void> dumped;
  try {
    dumped = dump(location, part);
  } catch (const std::exception& error) {
    dumped = Error{Errc::io, std::string("backup: ") + error.what()};
  }
  if (dumped) return settle(part, file);
  std::error_code ignored;
  fs::remove(part, ignored);
  return dumped;
}

Result<void> restore(const Location& location, const fs::path& file) {
  if (!fs::is_regular_file(file)) return Error{Errc::not_found, file.string() + ": no such file"};
  if (location.backend == Backend::sqlite) return restore_sqlite(location.file, file);
  return run_postgres_tool(location.url, {"pg_restore", "--clean", "--if-exists", "--no-owner",
                                          "--single-transaction", "--dbname=", file.string()});
}

Result<CheckReport> check(const Location& location) {
  auto store = Store::open(location);
  if (!store) return std::move(store).error();
  try {
    soci::session& sql = store->session();
    CheckReport report{.version = schema_version(sql)};
    if (location.backend == Backend::sqlite) {
      each_row<std::string>(sql, "PRAGMA integrity_check", [&](const std::string& line) {
        if (line != "ok") report.problems.push_back(line);
      });
      int broken = 0;
      sql << "SELECT COUNT(*) FROM pragma_foreign_key_check", soci::into(broken);
      if (broken != 0) report.problems.push_back(std::to_string(broken) + " broken references");
    }
    for (const auto& [what, query] : kOrphans) {
      int count = 0;
      sql << query, soci::into(count);
      if (count != 0) report.problems.push_back(std::to_string(count) + " " + what);
    }
    return report;
  } catch (const std::exception& error) {
    return Error{Errc::io, "store " + location.name() + ": " + error.what()};
  }
}

}  // namespace tongke::school::store
