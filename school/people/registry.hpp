#pragma once

#include <memory>

#include "base/result.hpp"
#include "school/people/directory.hpp"
#include "school/store/store.hpp"

namespace tongke::school::people {

/// The one place where people change: it writes a Changes to the store and then makes the
/// snapshot that everybody reads. Row numbers are handed out from its newest snapshot, so all
/// planning of changes happens on its thread.
/// @thread the store thread (server), as work run `alone`; main (commands without a server)
class Registry {
 public:
  /// @errors io
  [[nodiscard]] static base::Result<Registry> open(store::Store& store);

  [[nodiscard]] const Snapshot& current() const noexcept { return current_; }
  /// Writes `changes` in one transaction; after an error nothing has changed.  @errors io
  [[nodiscard]] base::Result<Snapshot> commit(store::Store& store, const Changes& changes);

 private:
  explicit Registry(Snapshot snapshot) : current_(std::move(snapshot)) {}
  Snapshot current_;
};

}  // namespace tongke::school::people
