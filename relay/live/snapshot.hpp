#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/wire/ladder.hpp"
#include "relay/live/media.hpp"

/// A lesson's media at one instant: immutable, so any thread may read it for as long as it
/// holds it. Consecutive snapshots share everything that did not change.
namespace tongke::relay::live {

/// A run of segments that only the recording still holds. Always kSize long, so that
/// whatever is derived from a block (playlist text) can be kept beside it.
struct SegmentBlock {
  static constexpr std::size_t kSize = 64;
  std::vector<SegmentInfo> segments;
};
using SegmentHistory = std::vector<std::shared_ptr<const SegmentBlock>>;

/// A segment whose parts are in memory.
struct HeldSegment {
  SegmentInfo info;  ///< duration and bytes: of the parts so far
  std::vector<MediaPart> parts;
  bool complete = false;
};

/// Where a segment's bytes are.
struct FoundSegment {
  SegmentInfo info;
  const HeldSegment* held = nullptr;  ///< null: in the recording, if info.bytes != 0
};

/// The place just past a rendition's newest part: `parts` of segment `msn` exist.
struct LiveEdge {
  std::uint32_t msn = 0;
  std::uint32_t parts = 0;
};

/// One rendition. Segments are listed oldest first: `history`, `settled`, `held`; their
/// numbers follow each other without a hole. A segment with `bytes == 0` is lost.
struct RenditionSnapshot {
  using Inits = std::vector<std::shared_ptr<const RenditionInit>>;

  std::string id;
  TrackKind kind = TrackKind::video;
  std::shared_ptr<const Inits> inits;
  std::shared_ptr<const SegmentHistory> history;
  std::vector<SegmentInfo> settled;                      ///< fewer than SegmentBlock::kSize, not in memory
  std::vector<std::shared_ptr<const HeldSegment>> held;  ///< only the last may be incomplete
  /// Discontinuity sequence number before the first listed segment's own tag.
  std::uint32_t discontinuities_before = 0;
  base::MediaTime part_target{0};  ///< no part is longer
  bool all_independent = true;     ///< every segment starts with a keyframe
  std::uint64_t peak_bps = 0;      ///< over windows of about 10 s; 0 until a segment is complete
  std::uint64_t average_bps = 0;

  [[nodiscard]] bool empty() const noexcept { return history->empty() && settled.empty() && held.empty(); }
  /// Number of the first listed segment; 0 when empty.
  [[nodiscard]] std::uint32_t first_msn() const noexcept;
  /// The next part to come is part `edge().parts` of segment `edge().msn`.
  [[nodiscard]] LiveEdge edge() const noexcept;
  [[nodiscard]] std::optional<FoundSegment> find(std::uint32_t msn) const noexcept;
  /// A part still in memory, or null.
  [[nodiscard]] const MediaPart* find_part(std::uint32_t msn, std::uint32_t index) const noexcept;
  [[nodiscard]] const RenditionInit* find_init(std::uint32_t number) const noexcept;
};

/// What the picture showed at a moment, as WebP.
struct Still {
  std::uint32_t number = 0;
  base::MediaTime at{0};
  base::SharedBytes webp;
};

/// A rendition that can be had of the present source, although nobody may have asked for it yet.
struct Offer {
  const pipeline::wire::LadderStep* step = nullptr;
  pipeline::wire::PictureSize size;
  double frame_rate = 0;  ///< 0 when the source does not say

  friend bool operator==(const Offer&, const Offer&) = default;
};

struct LessonSnapshot {
  std::string lesson;
  base::WallTime started{};  ///< wall time of media time zero
  bool ended = false;
  base::MediaTime target_duration{0};  ///< whole seconds; one for all renditions, never changes
  std::vector<std::shared_ptr<const RenditionSnapshot>> renditions;
  std::shared_ptr<const std::vector<Gap>> gaps;
  /// Null until a source has shown itself: then any step of the ladder may still turn up.
  std::shared_ptr<const std::vector<Offer>> offers;
  /// The newest few, oldest first; null without any.
  std::shared_ptr<const std::vector<Still>> stills;

  /// A lesson of which nothing is known yet but that it exists.
  [[nodiscard]] static std::shared_ptr<const LessonSnapshot> before_media(std::string lesson);
  /// Null when there is no such rendition.
  [[nodiscard]] const RenditionSnapshot* find(std::string_view rendition) const noexcept;
  /// Whether this rendition is made on demand and is not being made now, or has not caught up
  /// with the source yet: its playlist is worth waiting for.
  [[nodiscard]] bool is_cold(std::string_view rendition) const noexcept;
  /// Whether this rendition is a step of the ladder that cannot be had now, although some of it may be there:
  /// players are to take another while they still have something to play.
  [[nodiscard]] bool is_withdrawn(std::string_view rendition) const noexcept;
  /// Whether a cold rendition will come if it is asked for.
  [[nodiscard]] bool may_have(std::string_view rendition) const noexcept;
};

}  // namespace tongke::relay::live
