#pragma once

#include <soci/soci.h>

#include <chrono>
#include <exception>
#include <string>
#include <tuple>
#include <utility>

#include "base/clock.hpp"
#include "base/result.hpp"

/// SOCI with less writing: typed rows out of a query, a prepared statement as a function.
/// Included by store/*.cpp only. Rows and statements throw soci errors; guarded() makes results of them.
namespace tongke::school::store {

/// Calls `use(columns…)` for every row. Columns may not be NULL.
template <class... Columns, class Use>
void each_row(soci::session& session, const std::string& query, Use use) {
  std::tuple<Columns...> row;
  soci::statement statement(session);
  std::apply([&](auto&... column) { (statement.exchange(soci::into(column)), ...); }, row);
  statement.alloc();
  statement.prepare(query);
  statement.define_and_bind();
  statement.execute();
  while (statement.fetch()) std::apply(use, row);
}

/// A statement prepared once and run for many rows; the names of its parameters do not
/// matter, their order does.
template <class... Values>
class Prepared {
 public:
  Prepared(soci::session& session, const std::string& query) : statement_(session) {
    std::apply([&](auto&... value) { (statement_.exchange(soci::use(value)), ...); }, values_);
    statement_.alloc();
    statement_.prepare(query);
    statement_.define_and_bind();
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  void operator()(const Values&... values) {
    values_ = std::tie(values...);
    statement_.execute(true);
  }

 private:
  std::tuple<Values...> values_;
  soci::statement statement_;
};

/// Times as the tables keep them: milliseconds since 1970.
[[nodiscard]] inline long long ms(base::WallTime at) { return at.time_since_epoch().count(); }
[[nodiscard]] inline base::WallTime wall(long long ms) {
  return base::WallTime(std::chrono::milliseconds(ms));
}

/// What `body` returns; a soci error in it as `io`, saying `what` was being done.
template <class Body>
auto guarded(const char* what, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& error) {
    return base::Error{base::Errc::io, std::string(what) + ": " + error.what()};
  }
}

}  // namespace tongke::school::store
