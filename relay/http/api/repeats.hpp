#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "relay/http/server.hpp"

namespace tongke::relay::http::api {

/// POSTs that were sent again (`Idempotency-Key`) get the first one's answer instead of doing it
/// twice. In memory, so many of the newest and no longer than a day.  @thread any
class Repeats {
 public:
  static constexpr std::size_t kMost = 4096;
  static constexpr std::chrono::hours kKept{24};

  enum class State { first, running, answered };
  struct Claim {
    State state = State::first;
    Response answer = {};  ///< when answered
  };
  /// @param key  who asks, what, and their Idempotency-Key
  [[nodiscard]] Claim claim(const std::string& key, base::Steady::time_point now);
  /// Keeps a first one's answer; one that failed may be tried again.
  void answered(const std::string& key, const Response& answer);

 private:
  struct Entry {
    base::Steady::time_point at{};
    bool done = false;
    Response answer = {};
  };
  struct All {
    std::unordered_map<std::string, Entry> entries;
    std::deque<std::pair<base::Steady::time_point, std::string>> order;  ///< oldest first
  };
  base::Guarded<All> all_;
};

}  // namespace tongke::relay::http::api
