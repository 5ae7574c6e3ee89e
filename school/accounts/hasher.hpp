#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/executor.hpp"
#include "base/queue.hpp"

namespace tongke::school::accounts {

/// The thread where passwords are hashed, so that nobody else waits for it.
class Hasher {
 public:
  /// Attempts waiting; more are refused, as each costs its tenth of a second.
  static constexpr std::size_t kMostWaiting = 32;

  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  /// Calls `done` on `reply` with whether the password is the encoded one's.
  /// @return false when too many wait; then `done` is not called     @thread any
  [[nodiscard]] bool verify(std::string encoded, std::string password, base::Executor& reply,
                            std::function<void(bool)> done);
  /// Calls `done` on `reply` with the encoded password.  @return as verify     @thread any
  [[nodiscard]] bool hash(std::string password, base::Executor& reply, std::function<void(std::string)> done);

 private:
  base::BoundedQueue<base::Executor::Task> queue_;
  std::thread thread_;
};

}  // namespace tongke::school::accounts
