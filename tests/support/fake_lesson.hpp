#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "relay/live/timeline.hpp"

/// Feeds a Timeline as a pipeline child would, with bytes that say where they belong.
namespace tongke::test {

inline const base::WallTime kLessonStart =
    base::WallTime(std::chrono::milliseconds(1'772'409'600'000));  // 2026-03-02T00:00:00Z

inline base::SharedBytes text_bytes(const std::string& text) {
  return base::SharedBytes(std::vector<std::uint8_t>(text.begin(), text.end()));
}

inline pipeline::wire::Init video_init(const std::string& id = "src", std::uint32_t width = 1280) {
  return {.rendition = id,
          .kind = pipeline::wire::TrackKind::video,
          .codecs = "avc1.42c01f",
          .width = width,
          .height = width * 9 / 16,
          .frame_rate = 30,
          .bytes = text_bytes("init " + id + std::to_string(width))};
}

inline pipeline::wire::Init audio_init(const std::string& id = "audio") {
  return {.rendition = id,
          .kind = pipeline::wire::TrackKind::audio,
          .codecs = "mp4a.40.2",
          .bytes = text_bytes("init " + id)};
}

struct PartOptions {
  bool ends = false;
  bool independent = true;
  std::size_t bytes = 0;  ///< size; 0: just the label "src 3.1;"
};

inline pipeline::wire::Part make_part(const std::string& rendition, std::uint32_t msn, std::uint32_t index,
                                      base::MediaTime start, base::MediaTime duration,
                                      PartOptions options = {}) {
  std::string label = rendition + " " + std::to_string(msn) + "." + std::to_string(index) + ";";
  if (options.bytes > label.size()) label.resize(options.bytes, '.');
  return {.rendition = rendition,
          .msn = msn,
          .index = index,
          .independent = options.independent,
          .ends_segment = options.ends,
          .start = start,
          .duration = duration,
          .bytes = text_bytes(label)};
}

/// A whole segment of `parts` parts of 200 ms; video has its keyframe first.
inline void add_segment(relay::live::Timeline& timeline, const std::string& rendition, std::uint32_t msn,
                        base::MediaTime start, std::uint32_t parts = 10, std::size_t part_bytes = 0) {
  using namespace std::chrono_literals;
  for (std::uint32_t i = 0; i < parts; ++i) {
    timeline.part(make_part(
        rendition, msn, i, start + i * 200ms, 200ms,
        {.ends = i + 1 == parts, .independent = rendition != "src" || i == 0, .bytes = part_bytes}));
  }
}

}  // namespace tongke::test
