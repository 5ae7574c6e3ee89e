#include "school/store/store.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "school/store/migrations.hpp"

namespace tongke::school::store {
namespace {

using base::Errc;
using base::Error;
using base::Result;

std::unique_ptr<soci::session> connect(const Location& location) {
  if (location.backend == Backend::postgresql) {
    auto session = std::make_unique<soci::session>(soci::postgresql, location.url);
    // CREATE TABLE IF NOT EXISTS would say on standard error that the table exists.
    *session << "SET client_min_messages TO warning";
    return session;
  }
  auto session =
      std::make_unique<soci::session>(soci::sqlite3, "db=\"" + location.file.string() + "\" timeout=5");
  *session << "PRAGMA journal_mode=WAL";
  *session << "PRAGMA synchronous=NORMAL";
  *session << "PRAGMA foreign_keys=ON";
  return session;
}

}  // namespace

Store::Store(std::unique_ptr<soci::session> session, Backend backend)
    : session_(std::move(session)), backend_(backend) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const Location& location) {
  try {
    Store store(connect(location), location.backend);
    if (auto ok = migrate(store.session()); !ok) return std::move(ok).error().in("store " + location.name());
    return store;
  } catch (const std::exception& error) {
    return Error{Errc::io, "store " + location.name() + ": " + error.what()};
  }
}

void Store::make_durable() {
  if (backend_ == Backend::sqlite) *session_ << "PRAGMA synchronous=FULL";
}

Result<void> Store::ensure_connected() {
  try {
    if (!session_->is_connected()) session_->reconnect();
    return {};
  } catch (const std::exception& error) {
    return Error{Errc::io, std::string("store: ") + error.what()};
  }
}

Transaction::Transaction(Store& store) : store_(store) {
  // SQLite takes the write lock at once: a reader cannot always become a writer later.
  store_.session() << (store_.backend() == Backend::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    store_.session() << "ROLLBACK";
  } catch (const std::exception&) {
    // The connection is gone, and the transaction with it.
  }
}

void Transaction::commit() {
  store_.session() << "COMMIT";
  open_ = false;
}

}  // namespace tongke::school::store
