#pragma once

#include "base/result.hpp"
#include "school/schedule/timetable.hpp"
#include "school/store/store.hpp"

namespace tongke::school::schedule {

/// The one place where the timetable changes: it writes Changes to the store and then makes the
/// snapshot that everybody reads, as people::Registry does.
/// @thread the store thread (server), as work run alone; main (commands without a server)
class Book {
 public:
  /// @errors io
  [[nodiscard]] static base::Result<Book> open(store::Store& store);

  [[nodiscard]] const Snapshot& current() const noexcept { return current_; }
  /// Reads again what another process may have changed; cheap when it has not.  @errors io
  [[nodiscard]] base::Result<Snapshot> refresh(store::Store& store);
  /// Writes `changes`, which were worked out from current(), in one transaction; after an error
  /// nothing has changed.  @errors conflict: another process was faster, refresh() first; io
  [[nodiscard]] base::Result<Snapshot> commit(store::Store& store, const Changes& changes);

 private:
  explicit Book(Snapshot snapshot) : current_(std::move(snapshot)) {}
  Snapshot current_;
};

}  // namespace tongke::school::schedule
