#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"

namespace soci {
class session;
}

namespace tongke::school::store {

/// The database. Rows are few and small here, so calls are made in place; every statement
/// is bound, never spliced.  @thread its creator's
class Store {
 public:
  /// Opens or makes `file` (SQLite, WAL) and brings its schema up to date.
  /// @errors io; unavailable when the schema is newer than this program
  [[nodiscard]] static base::Result<Store> open(const std::filesystem::path& file);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  [[nodiscard]] soci::session& session() { return *session_; }

 private:
  explicit Store(std::unique_ptr<soci::session> session);
  std::unique_ptr<soci::session> session_;
};

}  // namespace tongke::school::store
