#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "base/guarded.hpp"

namespace tongke::base {

/// Bounded queue between threads, weighed in whatever unit the pusher names (bytes,
/// items). Drop rule: a push that would pass the bound is refused and counted; what is
/// queued stays. One consumer.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t bound) : bound_(bound) {}

  /// Queues `item` unless that would exceed the bound; an empty queue takes any item.
  /// @return false when refused (counted) or closed.   @thread any; never blocks long
  bool push(T item, std::size_t weight = 1) {
    {
      Lock lock(mutex_);
      if (closed_) return false;
      if (weight_ != 0 && weight_ + weight > bound_) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return false;
      }
      weight_ += weight;
      items_.emplace_back(std::move(item), weight);
    }
    ready_.notify_one();
    return true;
  }

  /// Waits for an item; nullopt once closed and drained.  @thread the consumer
  std::optional<T> pop() {
    Lock lock(mutex_);
    while (items_.empty() && !closed_) ready_.wait(mutex_);
    return take();
  }

  /// As pop(), but gives up at `deadline`: nullopt then, too.  @thread the consumer
  template <class Time>
  std::optional<T> pop_until(const Time& deadline) {
    Lock lock(mutex_);
    while (items_.empty() && !closed_) {
      if (ready_.wait_until(mutex_, deadline) == std::cv_status::timeout) break;
    }
    return take();
  }

  /// An item if there is one now.  @thread the consumer
  std::optional<T> try_pop() {
    Lock lock(mutex_);
    return take();
  }

  /// Refuses further pushes and lets the consumer drain what is left.  @thread any
  void close() {
    {
      Lock lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  std::optional<T> take() TONGKE_REQUIRES(mutex_) {
    if (items_.empty()) return std::nullopt;
    auto [item, weight] = std::move(items_.front());
    items_.pop_front();
    weight_ -= weight;
    return std::move(item);
  }

  const std::size_t bound_;
  Mutex mutex_;
  std::condition_variable_any ready_;
  std::deque<std::pair<T, std::size_t>> items_ TONGKE_GUARDED_BY(mutex_);
  std::size_t weight_ TONGKE_GUARDED_BY(mutex_) = 0;
  bool closed_ TONGKE_GUARDED_BY(mutex_) = false;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace tongke::base
