#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/exchange/planner.hpp"
#include "school/people/registry.hpp"
#include "school/store/store.hpp"

namespace tongke::school::exchange {

struct ImportJob {
  ImportOptions options = {};
  bool dry_run = false;
  bool skip_bad = false;      ///< take the good rows of a list that has bad ones
  std::string district = {};  ///< its new name; empty = as it is
  /// Has the last word on what would be written; empty = anything may.
  std::function<base::Result<void>(const people::Changes&)> allowed = {};
};
struct Imported {
  Report report = {};
  bool applied = false;
};

/// Plans the import of some tables and commits it. Nothing is written when a row is bad, unless
/// `skip_bad`.  @errors io, and what `allowed` says   @thread the registry's
[[nodiscard]] base::Result<Imported> import_tables(people::Registry& registry, store::Store& store,
                                                   const std::vector<Table>& tables,
                                                   const people::PhoneMarker& phones, const ImportJob& job);

}  // namespace tongke::school::exchange
