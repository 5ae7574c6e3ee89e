#include "school/accounts/hasher.hpp"

#include "school/accounts/password.hpp"

namespace tongke::school::accounts {

Hasher::Hasher()
    : queue_(kMostWaiting), thread_([this] {
        while (auto task = queue_.pop()) (*task)();
      }) {}

Hasher::~Hasher() {
  queue_.close();
  thread_.join();
}

bool Hasher::verify(std::string encoded, std::string password, base::Executor& reply,
                    std::function<void(bool)> done) {
  return queue_.push(
      [encoded = std::move(encoded), password = std::move(password), &reply, done = std::move(done)] {
        const bool right = verify_password(encoded, password);
        reply.post([done, right] { done(right); });
      });
}

bool Hasher::hash(std::string password, base::Executor& reply, std::function<void(std::string)> done) {
  return queue_.push([password = std::move(password), &reply, done = std::move(done)] {
    reply.post([done, encoded = hash_password(password)] { done(encoded); });
  });
}

}  // namespace tongke::school::accounts
