#pragma once

#include <chrono>
#include <functional>

namespace tongke::base {

/// Runs tasks in order on one thread. The only way for one thread to reach another's
/// objects: post, never wait.
class Executor {
 public:
  using Task = std::function<void()>;

  virtual ~Executor() = default;

  /// Queues `task`; it runs on the executor's thread, after every task posted before.
  /// @thread any. Tasks capture ids or weak_ptrs, never a bare `this` that may die first.
  virtual void post(Task task) = 0;

  /// Runs `task` once, no earlier than `delay` from now.  @thread any
  virtual void post_after(std::chrono::milliseconds delay, Task task) = 0;
};

}  // namespace tongke::base
