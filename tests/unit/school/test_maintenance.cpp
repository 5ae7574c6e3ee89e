#include <soci/soci.h>

#include <fstream>

#include "school/people/registry.hpp"
#include "school/store/maintenance.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using base::Errc;

TEST_CASE("maintenance: a backup brings back what was there, whatever happened since") {
  ON_BOTH_STORES;
  const test::TempDir dir;
  const auto file = dir.path() / "backup";
  {
    auto store = at.open();
    auto registry = people::Registry::open(store);
    REQUIRE(registry->commit(store, test::small_district()));
    const auto saved = store::backup(at.location(), file);
    INFO((saved ? std::string() : saved.error().message));
    REQUIRE(saved);
    CHECK(store::backup(at.location(), file).error().kind == Errc::conflict);
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::others_all) ==
          std::filesystem::perms::none);
    people::Changes later;
    later.erased_pupils = {{1}, {2}, {3}};
    REQUIRE(registry->commit(store, later));
  }
  const auto restored = store::restore(at.location(), file);
  INFO((restored ? std::string() : restored.error().message));
  REQUIRE(restored);
  auto store = at.open();
  CHECK(people::Registry::open(store)->current()->pupil_count() == 9);
  CHECK(store::check(at.location())->problems.empty());
}

TEST_CASE("maintenance: nothing but a sound backup is put in the store's place") {
  const test::AnyStore at(store::Backend::sqlite);
  const test::TempDir dir;
  {
    auto store = at.open();
    REQUIRE(people::Registry::open(store)->commit(store, test::small_district()));
  }
  CHECK(store::restore(at.location(), dir.path() / "none").error().kind == Errc::not_found);
  const auto junk = dir.path() / "junk";
  std::ofstream(junk) << std::string(10'000, 'x');
  CHECK(store::restore(at.location(), junk).error().kind == Errc::invalid);
  const auto foreign = dir.path() / "foreign.db";
  soci::session("sqlite3", "db=" + foreign.string()) << "CREATE TABLE other (id INTEGER)";
  CHECK(store::restore(at.location(), foreign).error().kind == Errc::invalid);
  const auto newer = dir.path() / "newer.db";
  REQUIRE(store::backup(at.location(), newer));
  soci::session("sqlite3", "db=" + newer.string()) << "INSERT INTO schema_version (version) VALUES (99)";
  CHECK(store::restore(at.location(), newer).error().kind == Errc::unavailable);
  auto store = at.open();
  CHECK(people::Registry::open(store)->current()->pupil_count() == 9);
}

TEST_CASE("maintenance: rows that point nowhere are found") {
  ON_BOTH_STORES;
  {
    auto store = at.open();
    REQUIRE(people::Registry::open(store)->commit(store, test::small_district()));
    CHECK(store::check(at.location())->problems.empty());
    store.session() << "UPDATE original_class SET homeroom_id = 99 WHERE id = 1";
    store.session() << "UPDATE pupil SET school_id = 2 WHERE id = 1";
  }
  const auto report = store::check(at.location());
  REQUIRE(report);
  CHECK(report->problems.size() == 2);
}

TEST_CASE("maintenance: PostgreSQL's tools are told no password on the command line") {
  const auto missing = store::backup(*store::locate("postgresql://u:geheim@127.0.0.1:1/x", ""), "/nowhere/x");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("geheim") == std::string::npos);
}
