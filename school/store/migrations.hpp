#pragma once

#include "base/result.hpp"

namespace soci {
class session;
}

namespace tongke::school::store {

/// Runs every migration the database has not had yet, each in its own transaction.
/// @errors unavailable: the database was made by a newer Tongke
[[nodiscard]] base::Result<void> migrate(soci::session& session);

}  // namespace tongke::school::store
