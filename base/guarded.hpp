#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/thread_annotations.hpp"

namespace tongke::base {

/// std::mutex that clang's thread-safety analysis can see.
class TONGKE_CAPABILITY("mutex") Mutex {
 public:
  void lock() TONGKE_ACQUIRE() { mutex_.lock(); }
  void unlock() TONGKE_RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class TONGKE_SCOPED_CAPABILITY Lock {
 public:
  explicit Lock(Mutex& mutex) TONGKE_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() TONGKE_RELEASE() { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

/// Data welded to its mutex: reachable only inside with().
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  /// Runs `use(value)` under the lock and returns what it returns. Keep it short.
  template <class F>
  auto with(F&& use) {
    Lock lock(mutex_);
    return std::forward<F>(use)(value_);
  }
  template <class F>
  auto with(F&& use) const {
    Lock lock(mutex_);
    return std::forward<F>(use)(std::as_const(value_));
  }

 private:
  mutable Mutex mutex_;
  T value_ TONGKE_GUARDED_BY(mutex_){};
};

}  // namespace tongke::base
