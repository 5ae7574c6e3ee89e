#pragma once

#include <sys/types.h>

#include <string>

#include "base/fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace tongke::test {

/// A PostgreSQL server of our own: fresh data folder, a Unix socket in it, no TCP, no fsync.
/// Runs as `postgres` when the tests run as root, which it refuses to be.
class Postgres {
 public:
  /// One server for the whole test program, started on first use; aborts when there is none.
  static Postgres& shared();

  /// A new, empty database: its URL for `[store] url`.
  [[nodiscard]] std::string make_database();
  /// Throws every client out, as a restart of the server would.
  void disconnect_everybody();

  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

 private:
  Postgres();
  [[nodiscard]] std::string url(const std::string& database) const;

  TempDir dir_;
  base::Fd log_;
  pid_t server_ = -1;
  int databases_ = 0;
};

}  // namespace tongke::test
