#include "school/store/store.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "school/store/migrations.hpp"

namespace tongke::school::store {

using base::Errc;
using base::Error;
using base::Result;

Store::Store(std::unique_ptr<soci::session> session) : session_(std::move(session)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const std::filesystem::path& file) {
  try {
    auto session = std::make_unique<soci::session>(soci::sqlite3, "db=\"" + file.string() + "\" timeout=5");
    *session << "PRAGMA journal_mode=WAL";
    *session << "PRAGMA synchronous=NORMAL";
    *session << "PRAGMA foreign_keys=ON";
    if (auto ok = migrate(*session); !ok) return std::move(ok).error().in("store " + file.string());
    return Store(std::move(session));
  } catch (const std::exception& error) {
    return Error{Errc::io, "store " + file.string() + ": " + error.what()};
  }
}

}  // namespace tongke::school::store
