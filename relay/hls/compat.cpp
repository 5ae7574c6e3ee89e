#include "relay/hls/compat.hpp"

#include <algorithm>
#include <charconv>

#include "relay/hls/text.hpp"

namespace tongke::relay::hls {

using live::LessonSnapshot;
using live::RenditionSnapshot;

namespace {

/// Half a minute: players of this kind begin three stretches behind the edge.
constexpr std::size_t kLiveStretches = 8;

const RenditionSnapshot* begun(const LessonSnapshot& lesson, std::string_view id) {
  const RenditionSnapshot* found = lesson.find(id);
  return found != nullptr && !found->empty() ? found : nullptr;
}

/// What a stretch is cut by: the picture, or the sound where there is none.
const RenditionSnapshot* ruler(const LessonSnapshot& lesson) {
  const RenditionSnapshot* video = compat_video(lesson);
  return video != nullptr ? video : compat_audio(lesson);
}

std::optional<Stretch> stretch(const LessonSnapshot& lesson, const RenditionSnapshot& rendition,
                               std::uint32_t number) {
  Stretch made{.number = number};
  for (const std::uint32_t msn : {2 * number, 2 * number + 1}) {
    const auto segment = rendition.find(msn);
    const bool whole = segment && (segment->held == nullptr || segment->held->complete);
    // A replay may end with half a stretch.
    if (!whole && !(lesson.ended && msn % 2 == 1)) return std::nullopt;
    if (!whole) break;
    if (msn % 2 == 0) made.start = segment->info.start;
    made.duration += segment->info.duration;
    made.discontinuity = made.discontinuity || segment->info.discontinuity;
    made.filled = made.filled || segment->info.filled;
  }
  return made;
}

/// How many discontinuities lie before what a playlist that begins with `number` shows.
std::uint32_t discontinuities_until(const RenditionSnapshot& rendition, std::uint32_t number) {
  std::uint32_t count = rendition.discontinuities_before;
  for (std::uint32_t msn = rendition.first_msn(); msn <= 2 * number + 1; ++msn) {
    const auto segment = rendition.find(msn);
    if (segment && segment->info.discontinuity) ++count;
  }
  return count;
}

}  // namespace

const RenditionSnapshot* compat_video(const LessonSnapshot& lesson) { return begun(lesson, "src"); }

const RenditionSnapshot* compat_audio(const LessonSnapshot& lesson) {
  const RenditionSnapshot* audio = begun(lesson, "audio");
  return audio != nullptr ? audio : begun(lesson, "src-audio");
}

std::vector<Stretch> stretches(const LessonSnapshot& lesson) {
  std::vector<Stretch> found;
  const RenditionSnapshot* rendition = ruler(lesson);
  if (rendition == nullptr) return found;
  const std::uint32_t first = (rendition->first_msn() + 1) / 2;
  const std::uint32_t end = rendition->edge().msn / 2 + 1;
  std::uint32_t from = first;
  if (!lesson.ended && end > first + kLiveStretches) from = end - static_cast<std::uint32_t>(kLiveStretches);
  for (std::uint32_t number = from; number < end; ++number) {
    const auto one = stretch(lesson, *rendition, number);
    if (!one) continue;
    // Numbers run on in a playlist: what lies before one that is lost is not listed any more.
    if (!lesson.ended && !found.empty() && found.back().number + 1 != number) found.clear();
    found.push_back(*one);
  }
  return found;
}

std::string compat_playlist(const LessonSnapshot& lesson) {
  const auto all = stretches(lesson);
  if (all.empty()) return {};
  std::string text = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:";
  // A segment lasts up to 6/5 of the target, so that two may round up.
  append(text, std::chrono::ceil<std::chrono::seconds>(2 * lesson.target_duration * 6 / 5).count());
  text += "\n#EXT-X-MEDIA-SEQUENCE:";
  append(text, all.front().number);
  if (const auto before = discontinuities_until(*ruler(lesson), all.front().number);
      !lesson.ended && before > 0) {
    text += "\n#EXT-X-DISCONTINUITY-SEQUENCE:";
    append(text, before);
  }
  text += lesson.ended ? "\n#EXT-X-PLAYLIST-TYPE:VOD\n" : "\n";
  for (const Stretch& one : all) {
    if (one.discontinuity && one.number != all.front().number) text += "#EXT-X-DISCONTINUITY\n";
    text += "#EXTINF:";
    append_seconds(text, one.duration);
    text += ",\ncompat/";
    append(text, one.number);
    text += one.filled ? ".ts?filled\n" : ".ts\n";
  }
  if (lesson.ended) text += "#EXT-X-ENDLIST\n";
  return text;
}

std::optional<std::uint32_t> parse_stretch_name(std::string_view file) {
  constexpr std::string_view kSuffix = ".ts";
  if (!file.ends_with(kSuffix)) return std::nullopt;
  file.remove_suffix(kSuffix.size());
  if (file.empty() || (file.size() > 1 && file.front() == '0')) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), number);
  if (error != std::errc() || end != file.data() + file.size() || number > UINT32_MAX / 4)
    return std::nullopt;
  return number;
}

}  // namespace tongke::relay::hls
