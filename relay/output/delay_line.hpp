#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "relay/live/snapshot.hpp"

namespace tongke::relay::output {

/// A part of a lesson on its way out.
struct Piece {
  std::shared_ptr<const live::RenditionInit> init;  ///< what it needs
  std::uint32_t msn = 0;
  bool begins = false;  ///< a receiver can start here
  base::MediaTime start{0};
  base::MediaTime duration{0};
  base::SharedBytes bytes;
};

/// One kind of a lesson's media between the timeline and an output: reads each part out of the
/// lesson's snapshots once and keeps it until it is due. Bounded by time; when it is full the oldest
/// whole segment is dropped and counted. The lesson knows nothing of it. Pure.  @thread one
class DelayLine {
 public:
  explicit DelayLine(base::MediaTime bound) : bound_(bound) {}

  /// Takes what is new. Another rendition than before goes on where that ended.
  void read(const live::RenditionSnapshot& rendition);
  /// The next piece if it begins at `until` or before.
  [[nodiscard]] std::optional<Piece> take(base::MediaTime until);
  /// What take() gives next is a piece at or after `at` with which a receiver can start.
  void skip_to(base::MediaTime at) { skipping_to_ = at; }

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  /// Null when empty.
  [[nodiscard]] const Piece* front() const noexcept { return waiting_.empty() ? nullptr : &waiting_.front(); }
  /// End of the newest piece that was read.
  [[nodiscard]] base::MediaTime end() const noexcept { return end_; }
  /// Segments that did not wait here any more when they would have been due, or left the lesson's
  /// memory before they were read.
  [[nodiscard]] std::uint64_t dropped_segments() const noexcept { return dropped_; }

 private:
  void find_place(const live::RenditionSnapshot& rendition);
  void keep_bound();

  const base::MediaTime bound_;
  std::string rendition_;
  live::LiveEdge next_;  // to be read
  std::deque<Piece> waiting_;
  std::optional<base::MediaTime> skipping_to_;
  base::MediaTime end_{0};
  std::uint64_t dropped_ = 0;
};

}  // namespace tongke::relay::output
