#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/guarded.hpp"

namespace tongke::school::accounts {

/// Slows down whoever tries: each key (an account, an address) has so many attempts, which come
/// back with time. An attempt is taken before it is known to fail, so that many at once do not
/// slip through; one that succeeds is given back.  @thread any
class Throttle {
 public:
  struct Limits {
    unsigned attempts = 10;
    std::chrono::seconds each{60};  ///< until one attempt comes back
    std::size_t keys = 20'000;      ///< remembered; those beyond share one allowance
  };
  explicit Throttle(const Limits& limits) : limits_(limits) {}

  /// @return how long to wait when there is no attempt left; nullopt = go ahead
  [[nodiscard]] std::optional<std::chrono::seconds> take(const std::string& key,
                                                         base::Steady::time_point now);
  void give_back(const std::string& key);

 private:
  /// All attempts are back at `full`.
  using Buckets = std::unordered_map<std::string, base::Steady::time_point>;
  [[nodiscard]] const std::string& place(Buckets& buckets, const std::string& key,
                                         base::Steady::time_point now) const;

  const Limits limits_;
  base::Guarded<Buckets> buckets_;
};

}  // namespace tongke::school::accounts
