#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/executor.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"
#include "school/store/store.hpp"

namespace tongke::school::store {

struct StoreLimits {
  std::size_t queued = 8192;  ///< pieces of work waiting; more are refused with `overload`
  std::size_t batch = 512;    ///< pieces of work in one transaction
};

/// The thread that writes. Others post work and are told when it is on disk; they never wait.
/// Small pieces of work that are queued together share one transaction (group commit), so
/// thousands of events a second cost a few dozen disk flushes.
///
/// Reading does not go through here: what requests need is kept in memory by its owners.
class StoreThread {
 public:
  /// Runs on the store thread. Returning an error undoes this piece of work, not its neighbours.
  using Work = std::function<base::Result<void>(Store&)>;
  /// Runs on `reply` once the work is committed, or has failed.
  using Done = std::function<void(base::Result<void>)>;

  struct Stats {
    std::uint64_t works = 0;
    std::uint64_t failed = 0;
    std::uint64_t commits = 0;
    std::uint64_t refused = 0;  ///< the queue was full
  };

  /// Opens its own connection to `location`.  @errors as Store::open
  [[nodiscard]] static base::Result<std::unique_ptr<StoreThread>> start(const Location& location,
                                                                        StoreLimits limits = {});
  /// Does what is queued, then stops. `Done`s still go to their executors.
  ~StoreThread();
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  /// Queues work for the next group commit. When the queue is full, `done` gets `overload`.
  /// @param reply must outlive this object      @thread any; never blocks
  void submit(Work work, base::Executor& reply, Done done);

  /// As submit, outside any transaction: for work that makes its own (an import), or none
  /// (a backup). It runs in its turn, after everything submitted before.  @thread any
  void submit_alone(Work work, base::Executor& reply, Done done);

  /// @thread any
  [[nodiscard]] Stats stats() const noexcept;

 private:
  struct Job {
    Work work;
    base::Executor* reply;
    Done done;
    bool alone;
  };

  StoreThread(Store store, StoreLimits limits);
  void enqueue(Job job);
  void run();
  void run_together(std::vector<Job> jobs);
  void run_alone(Job job);
  [[nodiscard]] base::Result<void> attempt(const Work& work);
  [[nodiscard]] base::Result<void> attempt_inside(const Work& work);
  void finish(Job& job, base::Result<void> result);

  Store store_;  // the store thread's
  const StoreLimits limits_;
  base::BoundedQueue<Job> queue_;
  std::atomic<std::uint64_t> works_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace tongke::school::store
