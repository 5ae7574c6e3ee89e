#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "relay/live/snapshot.hpp"

namespace tongke::relay::live {

/// One rendition of a Timeline: keeps its segments in order and moves old ones out of
/// memory. Knows nothing of the other renditions.  @thread control
class TimelineTrack {
 public:
  struct Settings {
    std::string id;
    TrackKind kind = TrackKind::video;
    base::MediaTime part_target{0};     ///< grows when a longer part arrives
    base::MediaTime longest_filler{0};  ///< no lost segment is listed as longer than this
    base::MediaTime keep{0};            ///< how much of the newest media stays in memory
    std::size_t max_segments = 0;       ///< older ones leave the list, a block at a time
    bool recorded = true;               ///< else what leaves memory is lost
  };

  explicit TimelineTrack(Settings settings);

  [[nodiscard]] const std::string& id() const noexcept { return settings_.id; }
  [[nodiscard]] TrackKind kind() const noexcept { return settings_.kind; }
  [[nodiscard]] bool empty() const noexcept { return !started_; }
  /// One past the number of the newest segment, begun or complete.
  [[nodiscard]] std::uint32_t next_msn() const noexcept { return next_msn_; }
  [[nodiscard]] base::MediaTime end_time() const noexcept { return end_time_; }
  [[nodiscard]] base::MediaTime newest_start() const noexcept { return newest_start_; }
  /// Number of the init for segments begun from now on.
  [[nodiscard]] std::uint32_t newest_init() const noexcept { return init_; }
  /// The segment being filled, or null.
  [[nodiscard]] const HeldSegment* open() const noexcept { return open_ ? &*open_ : nullptr; }

  /// Discontinuities of the lesson this rendition has passed; see Timeline.
  [[nodiscard]] std::size_t epoch() const noexcept { return epoch_; }
  /// The first segment will be `msn`, after `epoch` discontinuities.  @pre empty()
  void begin_at(std::uint32_t msn, std::size_t epoch) noexcept;

  /// Takes `init` for the segments begun from now on.
  /// @param recorded  whether they are; after some that are not, the init of those before them may
  ///                  be in use again
  /// @return the new numbered init, or null when it is known already.
  std::shared_ptr<const RenditionInit> take_init(RenditionInit init, bool recorded);
  void restore_init(std::shared_ptr<const RenditionInit> init);
  void raise_part_target(base::MediaTime target);

  /// Adds a segment that is whole: recorded before a restart, or lost (bytes == 0).
  void add_settled(SegmentInfo segment);
  /// Lists segments next_msn()..msn-1 as lost; `start` is where segment `msn` begins.
  void fill_until(std::uint32_t msn, base::MediaTime start, const std::vector<std::uint32_t>& epochs);

  /// Begins segment next_msn().  @pre !open()
  void begin_segment(base::MediaTime start, bool independent, bool discontinuity);
  void add_part(MediaPart part);  ///< @pre open()
  /// @pre open()
  void complete_segment();

  /// The bytes of a segment are in the recording neither: listed with EXT-X-GAP once they
  /// leave memory too.
  void mark_lost(std::uint32_t msn);

  /// Takes segments from number `msn` on off the list.  @pre !open()
  void drop_from(std::uint32_t msn);

  /// The same object until something changes.
  [[nodiscard]] std::shared_ptr<const RenditionSnapshot> snapshot();

 private:
  void push_held(std::shared_ptr<const HeldSegment> segment);
  void settle(SegmentInfo segment);
  void measure(const SegmentInfo& segment);
  void note_begun(const SegmentInfo& segment);

  const Settings settings_;
  base::MediaTime part_target_;
  RenditionSnapshot::Inits inits_;
  SegmentHistory history_;
  std::vector<SegmentInfo> settled_;
  std::deque<std::shared_ptr<const HeldSegment>> held_;
  std::optional<HeldSegment> open_;
  std::vector<std::uint32_t> lost_;  ///< marked while in memory

  bool started_ = false;
  bool all_independent_ = true;
  std::uint32_t next_msn_ = 0;
  std::uint32_t init_ = 0;                      ///< for segments begun from now on
  std::optional<std::uint32_t> recorded_init_;  ///< the newest that the recording has
  std::uint32_t listed_init_ = 0;               ///< of the newest segment
  base::MediaTime end_time_{0};
  base::MediaTime newest_start_{0};
  base::MediaTime held_duration_{0};
  std::size_t epoch_ = 0;
  std::uint32_t discontinuities_before_ = 0;

  struct Measured {
    base::MediaTime duration;
    std::uint64_t bytes;
  };
  std::deque<Measured> window_;
  Measured window_sum_{};
  Measured total_{};
  std::uint64_t peak_bps_ = 0;

  // What snapshots share while it does not change.
  std::shared_ptr<const RenditionSnapshot::Inits> shared_inits_;
  std::shared_ptr<const SegmentHistory> shared_history_;
  std::shared_ptr<const RenditionSnapshot> snapshot_;
};

}  // namespace tongke::relay::live
