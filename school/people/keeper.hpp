#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/executor.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "school/people/registry.hpp"
#include "school/store/store_thread.hpp"

namespace tongke::school::people {

/// The people of a running server. They change on the store thread only, one change after the
/// other, and everybody reads the newest snapshot.
class Keeper {
 public:
  /// Runs on the store thread, outside any transaction: plans from the registry's newest
  /// snapshot, commits through it.
  using Change = std::function<base::Result<void>(Registry&, store::Store&)>;
  using Done = store::StoreThread::Done;
  using Watcher = std::function<void(const Snapshot&)>;

  /// Reads everybody and starts the store thread.
  /// @param control  where watchers are called; outlives the keeper     @errors io, unavailable
  [[nodiscard]] static base::Result<std::unique_ptr<Keeper>> open(const store::Location& location,
                                                                  base::Executor& control);
  /// Finishes what is queued.
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// @thread any
  [[nodiscard]] Snapshot current() const;
  /// Queues a change. When `done` runs, current() has it.  @thread any; never blocks
  void change(Change change, base::Executor& reply, Done done);
  /// Calls `watcher` on control with every later snapshot.  @thread control
  void watch(Watcher watcher);
  /// The thread that writes, for what else the school keeps.
  [[nodiscard]] store::StoreThread& writer() noexcept { return *writer_; }

 private:
  /// Shared with tasks on their way to control.
  struct Watchers {
    std::vector<Watcher> list;
  };
  Keeper(Registry registry, std::unique_ptr<store::StoreThread> writer, base::Executor& control);
  void publish();

  base::Executor& control_;
  Registry registry_;  // the store thread's
  base::Guarded<Snapshot> current_;
  std::shared_ptr<Watchers> watchers_ = std::make_shared<Watchers>();  // control's
  std::unique_ptr<store::StoreThread> writer_;                         // last: its work uses all of the above
};

}  // namespace tongke::school::people
