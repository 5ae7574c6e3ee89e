#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "relay/ingest/publisher.hpp"

namespace tongke::relay::live {

/// The publisher's input since the start of the segment being made, so that a new child can
/// take up where a crashed one fell. Bounded: past the bound everything up to the next
/// keyframe is forgotten (counted) and a restart would begin there.  @thread control; pure
class InputReplay {
 public:
  static constexpr std::size_t kMaxBytes = 24U << 20U;
  /// Audio is interleaved a little before the keyframe it plays with.
  static constexpr std::size_t kLeadChunks = 32;

  /// RTP cannot be replayed: its sender hears feedback on what it sent and goes on. A new
  /// child begins at now, with a keyframe that it asks for.
  enum class Memory : std::uint8_t { since_keyframe, none };

  explicit InputReplay(Memory memory = Memory::since_keyframe) : memory_(memory) {}

  /// Whether a new child takes up where the old one fell.
  [[nodiscard]] bool remembers() const noexcept { return memory_ != Memory::none; }

  /// Where a new child has to begin.
  struct Point {
    base::MediaTime start{0};
    std::uint32_t msn = 0;
  };

  /// Keeps a chunk, if it remembers, and gives its bytes back for sending.
  base::SharedBytes add(const ingest::Chunk& chunk);

  /// Another memory of the same input begins with what describes it.
  void take_headers(const InputReplay& before) { headers_ = before.headers_; }

  /// The segment `point.msn` begins with the `keyframe`-th keyframe that the present child
  /// has seen: what came before is no longer needed.
  void segment_started(std::uint32_t keyframe, Point point);

  /// The same for sound alone, where every frame can begin a segment: nothing kept so far is
  /// needed again. What the child has read of the next segment would be lost with it.
  void sound_segment_ended(Point next);

  [[nodiscard]] const Point& point() const noexcept { return point_; }
  void set_point(Point point) { point_ = point; }

  /// Everything a new child has to read, in order. The keyframe count starts again.
  [[nodiscard]] std::vector<base::SharedBytes> begin_again();

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t overflows() const noexcept { return overflows_; }

 private:
  struct Kept {
    base::SharedBytes bytes;
    bool keyframe = false;
    std::uint64_t ordinal = 0;  ///< keyframes only: counted since the publisher came
  };
  void drop_front();

  Memory memory_;
  std::map<std::uint8_t, base::SharedBytes> headers_;  // by slot, newest only
  std::deque<Kept> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t keyframes_ = 0;
  std::uint64_t child_first_keyframe_ = 0;  ///< ordinal of keyframe 0 of the present child
  std::uint64_t overflows_ = 0;
  Point point_;
};

}  // namespace tongke::relay::live
