#pragma once

#include <deque>
#include <memory>

#include "pipeline/worker/ladder/made.hpp"

namespace tongke::pipeline::worker::ladder {

/// The newest units of the source, from a segment's keyframe on: what a rendition that has just
/// been asked for begins with, so that a player finds there what it was about to play. Bounded:
/// a stream whose groups are larger than the bound is not kept at all.  Pure.
class History {
 public:
  /// Players without parts begin three target durations behind the edge.
  static constexpr base::MediaTime kWorth{std::chrono::seconds(6)};
  static constexpr std::size_t kMaxBytes = 8U << 20U;

  void add(std::shared_ptr<const Unit> unit);

  [[nodiscard]] const std::deque<std::shared_ptr<const Unit>>& units() const noexcept { return units_; }

 private:
  void drop_group();
  /// Index of the second group's keyframe; 0 when there is only one group.
  [[nodiscard]] std::size_t second_group() const noexcept;

  std::deque<std::shared_ptr<const Unit>> units_;
  std::size_t bytes_ = 0;
};

}  // namespace tongke::pipeline::worker::ladder
