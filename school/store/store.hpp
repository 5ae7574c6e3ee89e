#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "school/store/location.hpp"

namespace soci {
class session;
}

namespace tongke::school::store {

/// A connection to the database. The SQL is the same for SQLite and PostgreSQL; every
/// statement is bound, never spliced.  @thread its creator's
class Store {
 public:
  /// Opens or makes the database and brings its schema up to date.
  /// @errors io; unavailable when the schema is newer than this program
  [[nodiscard]] static base::Result<Store> open(const Location& location);
  [[nodiscard]] static base::Result<Store> open(const std::filesystem::path& sqlite_file) {
    return open(Location{.file = sqlite_file});
  }
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  [[nodiscard]] soci::session& session() { return *session_; }
  [[nodiscard]] Backend backend() const noexcept { return backend_; }

  /// Commits reach the disk before they return, not only the kernel: a power cut loses nothing
  /// that was answered. Dear for single writes, cheap for batches. PostgreSQL always does.
  void make_durable();
  /// Connects again where a PostgreSQL server went away in between.  @errors io
  [[nodiscard]] base::Result<void> ensure_connected();

 private:
  Store(std::unique_ptr<soci::session> session, Backend backend);
  std::unique_ptr<soci::session> session_;
  Backend backend_;
};

/// All or nothing: what was written since construction is undone unless commit() was reached.
/// May throw soci errors, like everything that talks to a session.
class Transaction {
 public:
  explicit Transaction(Store& store);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Store& store_;
  bool open_ = true;
};

}  // namespace tongke::school::store
