#include "relay/hls/viewers.hpp"

#include <functional>

namespace tongke::relay::hls {

namespace {

template <class Map>
typename Map::mapped_type& entry(Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found != map.end() ? found->second : map[std::string(key)];
}

}  // namespace

void Viewers::Audience::prune(base::Steady::time_point now) {
  std::erase_if(last_seen, [&](const auto& viewer) { return now - viewer.second > kWindow; });
  next_prune = now + kWindow;
}

void Viewers::note(std::string_view token, std::string_view lesson, std::string_view rendition,
                   base::Steady::time_point now) {
  const std::uint64_t who = std::hash<std::string_view>{}(token);
  lessons_.with([&](auto& lessons) {
    Audience& audience = entry(entry(lessons, lesson), rendition);
    audience.last_seen[who] = now;
    if (now >= audience.next_prune) audience.prune(now);
  });
}

std::map<std::string, std::size_t> Viewers::count(std::string_view lesson, base::Steady::time_point now) {
  return lessons_.with([&](auto& lessons) {
    std::map<std::string, std::size_t> counts;
    const auto found = lessons.find(lesson);
    if (found == lessons.end()) return counts;
    for (auto& [rendition, audience] : found->second) {
      audience.prune(now);
      if (!audience.last_seen.empty()) counts[rendition] = audience.last_seen.size();
    }
    return counts;
  });
}

void Viewers::forget(std::string_view lesson) {
  lessons_.with([&](auto& lessons) {
    if (const auto found = lessons.find(lesson); found != lessons.end()) lessons.erase(found);
  });
}

}  // namespace tongke::relay::hls
