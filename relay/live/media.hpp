#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "pipeline/wire/messages.hpp"

/// What a lesson's media is made of once it has left the pipeline child: values that hls/
/// serves, record/ writes and live/ keeps in order.
namespace tongke::relay::live {

using pipeline::wire::TrackKind;

/// Initialization segment of a rendition. A rendition whose parameters change mid-lesson
/// has several, numbered from 0.
struct RenditionInit {
  std::uint32_t number = 0;
  std::string codecs;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  double frame_rate = 0;
  base::SharedBytes bytes;
};

struct MediaPart {
  std::uint32_t index = 0;
  bool independent = false;
  base::MediaTime start{0};
  base::MediaTime duration{0};
  base::SharedBytes bytes;
};

/// What must be known of a segment to list it in a playlist; its bytes may lie in memory
/// (as parts) or only in the recording.
struct SegmentInfo {
  std::uint32_t msn = 0;
  std::uint32_t init = 0;      ///< RenditionInit::number it needs
  bool independent = false;    ///< starts with a keyframe
  bool discontinuity = false;  ///< first segment after the publisher or the parameters changed
  base::MediaTime start{0};
  base::MediaTime duration{0};
  std::uint64_t bytes = 0;
  /// Sent in later for a gap: what was served under this number while the lesson was live was the slate.
  bool filled = false;
};

/// A stretch of the media clock for which nobody published.
struct Gap {
  base::MediaTime start{0};
  base::MediaTime duration{0};
};

/// A rendition as the recording holds it.
struct RecordedRendition {
  std::string id;
  TrackKind kind = TrackKind::video;
  std::vector<std::shared_ptr<const RenditionInit>> inits;
  std::vector<SegmentInfo> segments;
};

/// A whole lesson as the recording holds it; what restarts and replays begin from.
struct RecordedLesson {
  std::string lesson;
  base::WallTime started{};  ///< wall time of media time zero
  bool ended = false;
  std::vector<RecordedRendition> renditions;
  std::vector<Gap> gaps;
};

}  // namespace tongke::relay::live
