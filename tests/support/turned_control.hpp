#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "base/executor.hpp"
#include "tests/support/catch.hpp"

namespace tongke::test {

/// A control thread that the test turns by hand.
class TurnedControl final : public base::Executor {
 public:
  void post(Task task) override {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    ready_.notify_one();
  }
  void post_after(std::chrono::milliseconds /*delay*/, Task task) override { post(std::move(task)); }
  void turn_until(const bool& done) {
    while (!done) {
      Task task;
      {
        std::unique_lock lock(mutex_);
        REQUIRE(ready_.wait_for(lock, std::chrono::seconds(60), [&] { return !tasks_.empty(); }));
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
};

}  // namespace tongke::test
