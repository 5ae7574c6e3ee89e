#include "relay/hls/still_list.hpp"

#include <algorithm>
#include <charconv>

#include "relay/hls/text.hpp"

namespace tongke::relay::hls {

std::string still_list(const live::LessonSnapshot& lesson) {
  std::string text = "{\"stills\":[";
  if (lesson.stills) {
    for (const live::Still& still : *lesson.stills) {
      if (&still != &lesson.stills->front()) text += ',';
      const auto at = lesson.started + std::chrono::round<std::chrono::milliseconds>(still.at);
      text += "{\"n\":";
      append(text, still.number);
      text += ",\"at\":";
      append(text, static_cast<std::uint64_t>(at.time_since_epoch().count()));
      text += '}';
    }
  }
  return text + "]}";
}

std::optional<std::uint32_t> parse_still_name(std::string_view file) {
  constexpr std::string_view kSuffix = ".webp";
  if (!file.ends_with(kSuffix)) return std::nullopt;
  file.remove_suffix(kSuffix.size());
  if (file.empty() || (file.size() > 1 && file.front() == '0')) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), number);
  if (error != std::errc() || end != file.data() + file.size()) return std::nullopt;
  return number;
}

const live::Still* find_still(const live::LessonSnapshot& lesson, std::uint32_t number) {
  if (!lesson.stills) return nullptr;
  const auto found = std::ranges::find(*lesson.stills, number, &live::Still::number);
  return found == lesson.stills->end() ? nullptr : &*found;
}

}  // namespace tongke::relay::hls
