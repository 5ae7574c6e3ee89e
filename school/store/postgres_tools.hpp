#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace tongke::school::store {

/// Runs pg_dump or pg_restore against the database of `url` and waits for it; libpq's border.
/// The connection goes by environment variables, so that no password shows in the process list.
/// @errors invalid: the URL; unavailable: the program is not installed; io: it failed
[[nodiscard]] base::Result<void> run_postgres_tool(const std::string& url,
                                                   const std::vector<std::string>& argv);

}  // namespace tongke::school::store
