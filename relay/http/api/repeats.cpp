#include "relay/http/api/repeats.hpp"

namespace tongke::relay::http::api {

Repeats::Claim Repeats::claim(const std::string& key, base::Steady::time_point now) {
  return all_.with([&](All& all) -> Claim {
    while (!all.order.empty() && (all.order.size() >= kMost || now - all.order.front().first > kKept)) {
      const auto known = all.entries.find(all.order.front().second);
      if (known != all.entries.end() && known->second.at == all.order.front().first) all.entries.erase(known);
      all.order.pop_front();
    }
    const auto [entry, fresh] = all.entries.try_emplace(key, Entry{.at = now});
    if (!fresh) return {entry->second.done ? State::answered : State::running, entry->second.answer};
    all.order.emplace_back(now, key);
    return {};
  });
}

void Repeats::answered(const std::string& key, const Response& answer) {
  all_.with([&](All& all) {
    const auto entry = all.entries.find(key);
    if (entry == all.entries.end()) return;
    if (answer.status >= 400) {
      all.entries.erase(entry);
    } else {
      entry->second.done = true;
      entry->second.answer = answer;
    }
  });
}

}  // namespace tongke::relay::http::api
