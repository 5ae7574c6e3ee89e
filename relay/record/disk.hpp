#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "relay/live/media.hpp"
#include "relay/record/layout.hpp"

namespace tongke::relay::record {

/// How much of each lesson is recorded. What goes first when space runs out is what can be
/// missed most easily; the small audio rendition goes last.
enum class Level : std::uint8_t {
  nothing,
  audio,         ///< "audio" only
  source_audio,  ///< and the teacher's own audio, "src-audio"
  source,        ///< and the teacher's own video, "src"
  all,           ///< and the other video renditions
};
[[nodiscard]] std::string_view to_string(Level level) noexcept;

/// The lowest level that records a rendition.
[[nodiscard]] Level needs(std::string_view rendition, live::TrackKind kind) noexcept;

/// Why not everything is recorded; codes for notices.
enum class Trouble : std::uint8_t {
  none,
  disk_low,   ///< less than min_free is left
  disk_full,  ///< a write did not fit
  io_error,   ///< a write or sync failed
  overload,   ///< the disk is slower than the parts come: some were dropped
  conflict,   ///< the recording is being written already
};
[[nodiscard]] std::string_view to_string(Trouble trouble) noexcept;

/// Decides from free space and failed writes how much is recorded on one disk.
/// @thread one at a time (the writer's)
class Disk {
 public:
  struct Limits {
    std::uint64_t min_free = 0;  ///< bytes; below it degrading begins, below a quarter only "audio" is left
    std::chrono::milliseconds retry_after{
        5000};  ///< first pause after a failed write; doubles up to 12 times that
  };
  Disk(Layout layout, Limits limits);

  [[nodiscard]] Level level() const noexcept { return level_; }
  [[nodiscard]] Trouble trouble() const noexcept { return trouble_; }

  /// @thread any
  void set_min_free(std::uint64_t bytes) noexcept { min_free_.store(bytes, std::memory_order_relaxed); }

  /// Measures; to be called at segment boundaries.
  void poll();
  /// A write failed for something that only `needed` and higher levels record: less is
  /// recorded from now on, unless that is given up already.
  void failed(const base::Error& error, Level needed);
  /// Gives up the reserve, so that a journal line fits.  @return false when it is gone already
  bool release_reserve() noexcept;

 private:
  [[nodiscard]] Level affordable(std::uint64_t free) const noexcept;
  void keep_reserve(std::uint64_t free) noexcept;

  Layout layout_;
  std::atomic<std::uint64_t> min_free_;
  const std::chrono::milliseconds retry_after_;
  Level level_ = Level::all;
  Trouble trouble_ = Trouble::none;
  bool reserved_ = false;
  base::Steady::time_point hold_until_{};
  std::chrono::milliseconds hold_{0};
};

}  // namespace tongke::relay::record
