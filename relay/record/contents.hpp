#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "relay/live/media.hpp"

namespace tongke::relay::record {

/// A segment and where its bytes lie: one stretch of the file of its init.
struct Segment {
  live::SegmentInfo info;
  std::uint64_t offset = 0;

  [[nodiscard]] std::uint64_t end() const noexcept { return offset + info.bytes; }
};

/// A segment of what the teacher sent in later for a gap. It lies in a file of its own, so that nothing
/// that was recorded live is touched.
struct Fill {
  std::uint32_t number = 0;  ///< of the file; all that was sent in for one gap has one number
  Segment segment;           ///< `offset` in that file
};

struct Rendition {
  std::string id;
  live::TrackKind kind = live::TrackKind::video;
  std::vector<std::shared_ptr<const live::RenditionInit>> inits;
  std::vector<Segment> segments;  ///< msn strictly increasing
  std::vector<Fill> fills = {};   ///< likewise; no msn of `segments`

  /// Length of the file of init `number`, as far as this knows it.
  [[nodiscard]] std::uint64_t file_size(std::uint32_t number) const noexcept;
  /// Places it among `fills`.  @errors conflict: its init is unknown or its msn taken; nothing is added
  base::Result<void> add_fill(const Fill& fill);
};

/// A stretch that was published but could not be recorded.
struct Loss {
  std::string rendition;
  base::MediaTime start{0};
  base::MediaTime duration{0};
  std::string why;  ///< code of a Trouble
};

/// Everything a recording's journal says.
struct Contents {
  std::string lesson;
  base::WallTime started{};
  bool ended = false;
  std::vector<Rendition> renditions;
  std::vector<live::Gap> gaps;
  std::vector<Loss> losses;
  std::vector<std::string> others;  ///< lines of kinds this version does not know, kept as they are

  [[nodiscard]] Rendition* find(std::string_view rendition) noexcept;
  [[nodiscard]] const Rendition* find(std::string_view rendition) const noexcept;
  /// End of the last segment of any rendition.
  [[nodiscard]] base::MediaTime duration() const noexcept;
  /// Media bytes on disk.
  [[nodiscard]] std::uint64_t bytes() const noexcept;
  /// How much of `gap` the teacher's sound was sent in for.
  [[nodiscard]] base::MediaTime filled(const live::Gap& gap) const noexcept;
  [[nodiscard]] live::RecordedLesson recorded() const;
};

}  // namespace tongke::relay::record
