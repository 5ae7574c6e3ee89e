#include "school/store/migrations.hpp"

#include <soci/soci.h>

#include <array>
#include <string>

namespace tongke::school::store {
namespace {

// Append only: a released migration never changes.
constexpr std::array kMigrations = {
    "CREATE TABLE lesson ("
    " id TEXT PRIMARY KEY,"
    " title TEXT NOT NULL,"
    " publish_key TEXT NOT NULL,"
    " state INTEGER NOT NULL,"
    " created_ms BIGINT NOT NULL,"
    " started_ms BIGINT,"
    " ended_ms BIGINT,"
    " seats INTEGER NOT NULL)",
};

}  // namespace

base::Result<void> migrate(soci::session& session) {
  session << "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)";
  int version = 0;
  session << "SELECT COALESCE(MAX(version), 0) FROM schema_version", soci::into(version);
  if (version > static_cast<int>(kMigrations.size())) {
    return base::Error{base::Errc::unavailable, "made by a newer Tongke (schema " + std::to_string(version) +
                                                    "); this one knows " +
                                                    std::to_string(kMigrations.size())};
  }
  for (int next = version + 1; next <= static_cast<int>(kMigrations.size()); ++next) {
    soci::transaction transaction(session);
    session << kMigrations.at(static_cast<std::size_t>(next) - 1);
    session << "INSERT INTO schema_version (version) VALUES (:v)", soci::use(next);
    transaction.commit();
  }
  return {};
}

}  // namespace tongke::school::store
