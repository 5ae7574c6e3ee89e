#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/store/location.hpp"

/// `tongke db …`: what an operator does with the store as a whole.
namespace tongke::school::store {

/// Copies the store into `file` while it is in use, consistent as of one moment; readable by
/// its owner only. PostgreSQL needs pg_dump.
/// @errors conflict: there is such a file already; unavailable: no pg_dump; io
[[nodiscard]] base::Result<void> backup(const Location& location, const std::filesystem::path& file);

/// Puts a backup in the store's place, after having checked it. No server may be running. The
/// SQLite file that was there is kept beside it as "….before-restore".
/// @errors not_found; invalid: no backup, or damaged; unavailable: made by a newer Tongke, or
///         no pg_restore; io
[[nodiscard]] base::Result<void> restore(const Location& location, const std::filesystem::path& file);

struct CheckReport {
  int version = 0;                         ///< of the schema
  std::vector<std::string> problems = {};  ///< none when the store is sound
};
/// Looks for damage and for rows that point nowhere; changes nothing but the schema's version.
/// @errors as Store::open
[[nodiscard]] base::Result<CheckReport> check(const Location& location);

}  // namespace tongke::school::store
