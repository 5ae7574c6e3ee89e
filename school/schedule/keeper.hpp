#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/executor.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "school/people/keeper.hpp"
#include "school/schedule/book.hpp"
#include "school/schedule/view.hpp"

namespace tongke::school::schedule {

/// The timetable of a running server: it changes on the store thread only, and everybody reads
/// the newest View. A changed roster makes a new View too.
class Keeper {
 public:
  /// Runs on the store thread, outside any transaction: plans from the view, commits through the
  /// book. The view is of the book's newest snapshot.
  using Change = std::function<base::Result<void>(Book&, store::Store&, const View&)>;
  using Done = store::StoreThread::Done;
  using Watcher = std::function<void(const ViewPtr&)>;

  /// @param store   where the timetable is read from now; only used here
  /// @param people  outlives the keeper; so does `control`     @errors io, internal
  [[nodiscard]] static base::Result<std::unique_ptr<Keeper>> open(store::Store& store, people::Keeper& people,
                                                                  base::Executor& control);
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper() = default;

  /// @thread any
  [[nodiscard]] ViewPtr current() const;
  /// Queues a change. When `done` runs, current() has it.  @thread control
  void change(Change change, Done done);
  /// Calls `watcher` on control with every later view.  @thread control
  void watch(Watcher watcher) { shared_->watchers.push_back(std::move(watcher)); }

 private:
  /// Shared with work on its way.
  struct Shared {
    explicit Shared(Book open) : book(std::move(open)) {}
    Book book;  // the store thread's
    base::Guarded<ViewPtr> view;
    std::vector<Watcher> watchers;  // control's
  };
  Keeper(std::shared_ptr<Shared> shared, people::Keeper& people, base::Executor& control)
      : shared_(std::move(shared)), people_(people), control_(control) {}

  std::shared_ptr<Shared> shared_;
  people::Keeper& people_;
  base::Executor& control_;
};

}  // namespace tongke::school::schedule
