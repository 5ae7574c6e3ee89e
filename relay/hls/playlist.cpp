#include "relay/hls/playlist.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "relay/hls/text.hpp"

namespace tongke::relay::hls {

using live::LessonSnapshot;
using live::RenditionSnapshot;
using live::SegmentInfo;

namespace {

// In target durations (part target durations for parts); RFC 8216bis sections 4.4.3.8, 6.2.2.
constexpr int kHoldBack = 3;
constexpr int kPartHoldBack = 3;
constexpr int kSkipUntil = 6;
constexpr int kPartsListed = 3;

/// All playlists of a lesson must carry the same EXT-X-SERVER-CONTROL (section 6.2.4), so
/// the longest part target of any rendition decides.
base::MediaTime longest_part_target(const LessonSnapshot& lesson) {
  base::MediaTime longest{0};
  for (const auto& rendition : lesson.renditions) longest = std::max(longest, rendition->part_target);
  return longest;
}

/// Segments name their init where it changes and, so that blocks can be dropped from the
/// front, at the first segment of every block.
bool names_init(const RenditionSnapshot& rendition, const SegmentInfo& segment, std::uint32_t previous_init) {
  return segment.init != previous_init ||
         (segment.msn - rendition.first_msn()) % live::SegmentBlock::kSize == 0;
}

void append_segment_head(std::string& text, const LessonSnapshot& lesson, const SegmentInfo& segment,
                         bool map) {
  if (segment.discontinuity) text += "#EXT-X-DISCONTINUITY\n";
  if (map) {
    text += "#EXT-X-MAP:URI=\"init-";
    append(text, segment.init);
    text += ".mp4\"\n";
  }
  text += "#EXT-X-PROGRAM-DATE-TIME:";
  append_date(text, lesson.started + std::chrono::round<std::chrono::milliseconds>(segment.start));
  text += '\n';
}

void append_segment_end(std::string& text, const SegmentInfo& segment) {
  if (segment.bytes == 0) text += "#EXT-X-GAP\n";
  text += "#EXTINF:";
  append_seconds(text, segment.duration);
  text += ",\n";
  append(text, segment.msn);
  // Caches may still have the slate under the name without it.
  text += segment.filled ? ".m4s?filled\n" : ".m4s\n";
}

void append_parts(std::string& text, const live::HeldSegment& segment) {
  for (const auto& part : segment.parts) {
    text += "#EXT-X-PART:DURATION=";
    append_seconds(text, part.duration);
    text += ",URI=\"";
    append(text, segment.info.msn);
    text += '.';
    append(text, part.index);
    text += part.independent ? ".m4s\",INDEPENDENT=YES\n" : ".m4s\"\n";
  }
}

std::uint32_t init_before(const RenditionSnapshot& rendition, std::uint32_t msn) {
  const auto previous = msn == 0 ? std::nullopt : rendition.find(msn - 1);
  return previous ? previous->info.init : ~0U;
}

/// Segments from number `from` to the live edge.
void append_segments(std::string& text, const LessonSnapshot& lesson, const RenditionSnapshot& rendition,
                     std::uint32_t from) {
  // How far back parts are listed is counted in playlist time.
  std::size_t with_parts = rendition.held.size();
  for (base::MediaTime listed{0}; with_parts > 0 && listed < kPartsListed * lesson.target_duration;
       --with_parts) {
    listed += rendition.held[with_parts - 1]->info.duration;
  }
  const std::uint32_t first_held = rendition.held.empty() ? ~0U : rendition.held.front()->info.msn;
  std::uint32_t init = init_before(rendition, from);
  for (std::uint32_t msn = from;; ++msn) {
    const auto segment = rendition.find(msn);
    if (!segment) break;
    append_segment_head(text, lesson, segment->info, names_init(rendition, segment->info, init));
    init = segment->info.init;
    if (segment->held != nullptr && !lesson.ended && msn - first_held >= with_parts)
      append_parts(text, *segment->held);
    if (segment->held == nullptr || segment->held->complete) append_segment_end(text, segment->info);
  }
}

void append_reports(std::string& text, const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  for (const auto& other : lesson.renditions) {
    if (other.get() == &rendition || other->empty() || lesson.is_cold(other->id) ||
        lesson.is_withdrawn(other->id))
      continue;
    const live::LiveEdge edge = other->edge();
    const std::uint32_t last = edge.parts > 0 ? edge.msn : edge.msn - 1;
    const auto segment = other->find(last);
    text += "#EXT-X-RENDITION-REPORT:URI=\"../" + other->id + "/media.m3u8\",LAST-MSN=";
    append(text, last);
    if (segment && segment->held != nullptr && !segment->held->parts.empty()) {
      text += ",LAST-PART=";
      append(text, segment->held->parts.size() - 1);
    }
    text += '\n';
  }
}

void append_end(std::string& text, const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  if (lesson.ended) {
    text += "#EXT-X-ENDLIST\n";
    return;
  }
  const live::LiveEdge edge = rendition.edge();
  text += "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"";
  append(text, edge.msn);
  text += '.';
  append(text, edge.parts);
  text += ".m4s\"\n";
  append_reports(text, lesson, rendition);
}

/// First segment a delta update lists: all after it lie within the skip boundary.
std::uint32_t first_unskipped(const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  const live::LiveEdge edge = rendition.edge();
  const std::uint32_t first = rendition.first_msn();
  std::uint32_t msn = edge.parts > 0 ? edge.msn + 1 : edge.msn;
  for (base::MediaTime later{0}; msn > first && later < kSkipUntil * lesson.target_duration; --msn) {
    later += rendition.find(msn - 1)->info.duration;
  }
  return msn;
}

}  // namespace

std::string media_head(const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  std::string text = "#EXTM3U\n";
  // Section 8: EXT-X-MAP needs 6, EXT-X-SKIP (delta updates of a live lesson) 9.
  text += lesson.ended ? "#EXT-X-VERSION:6\n" : "#EXT-X-VERSION:9\n";
  text += "#EXT-X-TARGETDURATION:";
  append(text, std::chrono::duration_cast<std::chrono::seconds>(lesson.target_duration).count());
  text += '\n';
  if (lesson.ended) {
    text += "#EXT-X-PLAYLIST-TYPE:VOD\n";
  } else {
    text += "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=";
    append_seconds(text, kSkipUntil * lesson.target_duration);
    text += ",HOLD-BACK=";
    append_seconds(text, kHoldBack * lesson.target_duration);
    text += ",PART-HOLD-BACK=";
    append_seconds(text, kPartHoldBack * longest_part_target(lesson));
    text += "\n#EXT-X-PART-INF:PART-TARGET=";
    append_seconds(text, rendition.part_target);
    text += '\n';
  }
  text += "#EXT-X-MEDIA-SEQUENCE:";
  append(text, rendition.first_msn());
  text += '\n';
  if (rendition.discontinuities_before > 0) {
    text += "#EXT-X-DISCONTINUITY-SEQUENCE:";
    append(text, rendition.discontinuities_before);
    text += '\n';
  }
  if (rendition.all_independent) text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  return text;
}

std::string media_block(const LessonSnapshot& lesson, const RenditionSnapshot& rendition,
                        const live::SegmentBlock& block) {
  std::string text;
  text.reserve(block.segments.size() * 90);
  std::uint32_t init = init_before(rendition, block.segments.front().msn);
  for (const auto& segment : block.segments) {
    append_segment_head(text, lesson, segment, names_init(rendition, segment, init));
    append_segment_end(text, segment);
    init = segment.init;
  }
  return text;
}

std::string media_tail(const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  std::string text;
  const auto in_history = static_cast<std::uint32_t>(rendition.history->size() * live::SegmentBlock::kSize);
  append_segments(text, lesson, rendition, rendition.first_msn() + in_history);
  append_end(text, lesson, rendition);
  return text;
}

std::string media_playlist(const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  std::string text = media_head(lesson, rendition);
  for (const auto& block : *rendition.history) text += media_block(lesson, rendition, *block);
  text += media_tail(lesson, rendition);
  return text;
}

std::string media_delta(const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  const std::uint32_t from = first_unskipped(lesson, rendition);
  if (lesson.ended || from == rendition.first_msn()) return media_playlist(lesson, rendition);
  std::string text = media_head(lesson, rendition);
  text += "#EXT-X-SKIP:SKIPPED-SEGMENTS=";
  append(text, from - rendition.first_msn());
  text += '\n';
  append_segments(text, lesson, rendition, from);
  append_end(text, lesson, rendition);
  return text;
}

std::uint32_t advance_part_limit(const RenditionSnapshot& rendition) {
  const double target = base::seconds(rendition.part_target);
  return target < 1 ? static_cast<std::uint32_t>(std::ceil(3 / std::max(target, 0.01))) : 3;
}

}  // namespace tongke::relay::hls
