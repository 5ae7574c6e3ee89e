#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/wire/messages.hpp"
#include "relay/live/snapshot.hpp"
#include "relay/live/still_ring.hpp"
#include "relay/live/timeline_track.hpp"

namespace tongke::relay::live {

/// Told what became part of the lesson, in order; the recorder, for one. Runs inside the
/// Timeline call that caused it and must not call back into it.
class TimelineListener {
 public:
  virtual ~TimelineListener() = default;
  virtual void new_init(const std::string& rendition, TrackKind kind,
                        const std::shared_ptr<const RenditionInit>& init) = 0;
  /// `segment` is the one the part belongs to, including it. A segment ends with the part
  /// that says so, or where the next one begins.
  virtual void part_accepted(const std::string& rendition, const SegmentInfo& segment, const MediaPart& part,
                             bool ends_segment) = 0;
};

struct TimelineSettings {
  base::MediaTime part{std::chrono::milliseconds(200)};
  base::MediaTime segment{std::chrono::seconds(2)};
  /// Media kept in memory per rendition. Parts are listed for three target durations and
  /// must stay fetchable for three more (RFC 8216bis section 6.2.2), plus the open segment.
  base::MediaTime keep{std::chrono::seconds(14)};
  /// Segments listed per rendition: 12 h of 2 s. Older ones leave the playlist.
  std::size_t max_segments = 21'600;
  /// Whether steps of the ladder are recorded too; if not, what leaves memory is lost.
  bool records_ladder = false;
};

/// What a lesson's pipeline children and the recording say, put in order: the one place
/// that knows which segments exist. Pure; no I/O.
///
/// Numbers (msn) are common to all renditions, so a segment of the same number holds the
/// same stretch of the lesson everywhere. When a number is missing in one rendition
/// (its media came late or was lost) it is listed as lost, since playlists cannot skip one.
/// A rendition made on demand lists everything before it began, and every pause, the same way:
/// whoever rewinds there is told that the source has it and this has not.
/// @thread control
class Timeline {
 public:
  enum class Taken {
    accepted,
    duplicate,  ///< of a segment already held or closed: a restarted child replays
    rejected    ///< unknown rendition, out of order, backwards in time, malformed, or after end()
  };
  struct Counts {
    std::uint64_t accepted = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t rejected = 0;
    std::uint64_t lost_segments = 0;  ///< listed with EXT-X-GAP
  };

  /// @param started wall time of media time zero
  Timeline(std::string lesson, base::WallTime started, TimelineSettings settings = {});

  /// At most one; null for none. Must outlive the timeline or be unset.
  void set_listener(TimelineListener* listener) noexcept { listener_ = listener; }

  /// A rendition begins or changes its parameters. A change is a discontinuity of the whole
  /// lesson (RFC 8216bis 6.2.1, 6.2.4: it must be signalled, and numbered alike everywhere).
  /// The same init again (restarted child, same publisher back) changes nothing.
  void init(const pipeline::wire::Init& init);
  Taken part(const pipeline::wire::Part& part);

  /// Whether what comes from now on becomes part of the recording. What does not (a slate) is
  /// played live like everything else, the listener hears nothing of it, and once it leaves memory
  /// it is listed as lost.
  void record(bool on) noexcept;

  /// The next segment of every rendition begins with a discontinuity: another publisher, or
  /// the same one after a pause. Closes open segments; late parts for them are dropped.
  void discontinuity();
  void gap(Gap gap);
  /// The recording failed to keep this segment: once it leaves memory, it is listed as lost.
  void lost(std::string_view rendition, std::uint32_t msn);
  /// What can be had of the source on demand, from now on.
  void offer(std::vector<Offer> offers);
  /// @return false for one that is not newer than the last
  bool still(const pipeline::wire::Still& still) { return !ended_ && stills_.add(still.pts, still.webp); }
  /// Closes everything; the snapshot from now on is a replay, and ends where the recording does.
  void end();

  /// The same media so far under another name; what comes from now on each has for itself. It has no
  /// listener and no stills.
  [[nodiscard]] std::unique_ptr<Timeline> fork(std::string lesson) const;

  /// Begins where a recording stopped. Only on a fresh timeline. Unless the lesson has
  /// ended, the next segments begin with a discontinuity.
  void restore(const RecordedLesson& recorded);

  /// Where the next publisher's first segment goes: one past every rendition's newest.
  [[nodiscard]] std::uint32_t next_msn() const noexcept;
  /// Highest media time held.
  [[nodiscard]] base::MediaTime end_time() const noexcept;
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

  /// Costs about a microsecond per rendition, however long the lesson is.
  [[nodiscard]] std::shared_ptr<const LessonSnapshot> snapshot();

 private:
  [[nodiscard]] TimelineTrack* find(std::string_view rendition) noexcept;
  TimelineTrack& add_track(const std::string& id, TrackKind kind);
  [[nodiscard]] bool acceptable(const TimelineTrack& track, const pipeline::wire::Part& part) const noexcept;
  void begin_segment(TimelineTrack& track, const pipeline::wire::Part& part);
  void pass_over(TimelineTrack& track, const pipeline::wire::Part& part);
  void follow_source(TimelineTrack& track, std::uint32_t until);
  [[nodiscard]] std::size_t passed(std::uint32_t msn) const noexcept;
  void complete_all();
  Taken count(Taken taken);

  const std::string lesson_;
  const base::WallTime started_;
  const TimelineSettings settings_;
  base::MediaTime target_duration_;
  TimelineListener* listener_ = nullptr;
  std::vector<std::unique_ptr<TimelineTrack>> tracks_;
  std::shared_ptr<const std::vector<Gap>> gaps_;
  std::shared_ptr<const std::vector<Offer>> offers_;
  StillRing stills_;
  /// Number of the first segment after each discontinuity, ascending.
  std::vector<std::uint32_t> epochs_;
  bool discontinuity_pending_ = false;
  bool recording_ = true;
  std::uint32_t unrecorded_from_ = 0;  ///< while not recording: number of the first such segment
  bool ended_ = false;
  Counts counts_;
};

}  // namespace tongke::relay::live
