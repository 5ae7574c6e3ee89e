#include "school/accounts/throttle.hpp"

#include <algorithm>

namespace tongke::school::accounts {
namespace {

const std::string kRest;  // shared by all keys that there is no room for

}  // namespace

const std::string& Throttle::place(Buckets& buckets, const std::string& key,
                                   base::Steady::time_point now) const {
  if (buckets.contains(key)) return key;
  if (buckets.size() >= limits_.keys) {
    std::erase_if(buckets, [&](const auto& bucket) { return bucket.second <= now; });
  }
  return buckets.size() >= limits_.keys ? kRest : key;
}

std::optional<std::chrono::seconds> Throttle::take(const std::string& key, base::Steady::time_point now) {
  return buckets_.with([&](Buckets& buckets) -> std::optional<std::chrono::seconds> {
    auto& full = buckets[place(buckets, key, now)];
    const auto next = std::max(full, now) + limits_.each;
    const auto over = next - now - limits_.attempts * limits_.each;
    if (over > over.zero()) return std::chrono::ceil<std::chrono::seconds>(over);
    full = next;
    return std::nullopt;
  });
}

void Throttle::give_back(const std::string& key) {
  buckets_.with([&](Buckets& buckets) {
    const auto found = buckets.find(buckets.contains(key) ? key : kRest);
    if (found != buckets.end()) found->second -= limits_.each;
  });
}

}  // namespace tongke::school::accounts
