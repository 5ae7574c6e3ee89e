#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tongke::school::store {

enum class Backend { sqlite, postgresql };

/// Where the store is: a file of this machine, or a PostgreSQL database.
struct Location {
  Backend backend = Backend::sqlite;
  std::filesystem::path file = {};  ///< SQLite
  std::string url = {};             ///< PostgreSQL; may hold a password, so it is never printed

  /// For messages: the file, or "PostgreSQL".
  [[nodiscard]] std::string name() const;
};

/// Reads `[store] url`: "" is `default_file`, "sqlite:PATH" another file, and
/// "postgresql://…" a database, as libpq spells it.
/// @errors invalid (field "store.url")
[[nodiscard]] base::Result<Location> locate(std::string_view url, const std::filesystem::path& default_file);

}  // namespace tongke::school::store
