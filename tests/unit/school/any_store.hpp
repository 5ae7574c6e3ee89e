#pragma once

#include "school/store/store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/temp_dir.hpp"

namespace tongke::test {

/// A fresh, empty database of either kind; the same test runs on both:
///   const AnyStore at(GENERATE(store::Backend::sqlite, store::Backend::postgresql));
class AnyStore {
 public:
  explicit AnyStore(school::store::Backend backend)
      : location_(school::store::locate(
                      backend == school::store::Backend::sqlite ? "" : Postgres::shared().make_database(),
                      dir_.path() / "tongke.db")
                      .value()) {}

  [[nodiscard]] const school::store::Location& location() const { return location_; }
  [[nodiscard]] school::store::Store open() const {
    auto store = school::store::Store::open(location_);
    INFO((store ? std::string() : store.error().message));
    REQUIRE(store);
    return std::move(*store);
  }

 private:
  TempDir dir_;
  school::store::Location location_;
};

#define ON_BOTH_STORES             \
  const tongke::test::AnyStore at( \
      GENERATE(tongke::school::store::Backend::sqlite, tongke::school::store::Backend::postgresql))

}  // namespace tongke::test
