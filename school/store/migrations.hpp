#pragma once

#include "base/result.hpp"

namespace soci {
class session;
}

namespace tongke::school::store {

/// The schema version this program works with.
[[nodiscard]] int latest_version() noexcept;
/// That of a database; 0 for an empty one.
[[nodiscard]] int schema_version(soci::session& session);

/// Runs every migration up to `target` that the database has not had yet, each in its own
/// transaction. Servers that start together on one PostgreSQL wait for each other.
/// @errors unavailable: the database was made by a newer Tongke.  May throw soci errors
[[nodiscard]] base::Result<void> migrate(soci::session& session, int target = latest_version());

}  // namespace tongke::school::store
