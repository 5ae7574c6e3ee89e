#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/worker/ladder/made.hpp"

namespace tongke::pipeline::worker::ladder {

/// A smaller picture that the publisher encodes himself (a simulcast layer), cut into the source's
/// segments: a step of the ladder that nothing need be encoded for. Its keyframes put it on the
/// source's clock, one a segment; between two streams of one sender that clock is only as good as
/// the network was to both. Pure.
class Layer {
 public:
  /// A segment's keyframe is no farther from the source's than this.
  static constexpr base::MediaTime kNear{std::chrono::milliseconds(200)};
  /// A layer that is silent for longer than this has ended, or pauses.
  static constexpr base::MediaTime kSilence{std::chrono::seconds(1)};
  /// It is trusted after so many segments in a row with their keyframe and within the step's rate; after
  /// each loss of trust after twice as many.
  static constexpr std::uint32_t kProven = 3;
  static constexpr std::uint32_t kLongestProof = 48;
  /// Segments that start() may go back to.
  static constexpr std::uint32_t kKept = 4;

  /// The step that pictures like these can be; null when they can be none. They may be a little
  /// larger or smaller than the step is, and have the source's shape.
  [[nodiscard]] static const wire::LadderStep* step_of(const StreamConfig& layer, const StreamConfig& source);

  explicit Layer(const wire::LadderStep& step) : step_(&step) {}

  /// The source's next picture. @param pts  as in Unit
  void source(const timing::Segment& segment, base::MediaTime pts, bool keyframe);
  /// The layer's next picture. @param pts  on the media clock, roughly
  void add(std::shared_ptr<const StreamConfig> config, base::MediaTime pts, bool keyframe,
           std::vector<std::uint8_t> bytes);

  /// Whether it can be relied on from the newest segment that it has begun on.
  [[nodiscard]] bool trusted() const noexcept { return proven_ >= proof_; }
  /// Whether any picture has come lately.
  [[nodiscard]] bool silent() const noexcept { return source_pts_ - heard_ > kSilence; }
  /// The newest segment that it has begun.
  [[nodiscard]] std::optional<std::uint32_t> newest() const;

  /// take() begins with the oldest segment from `msn` on that is still there whole.
  /// @return whether there is one, and for `exactly` whether it is that one
  bool start(std::uint32_t msn, bool exactly);
  void stop() { next_.reset(); }
  /// The pictures since the last call, once started.
  [[nodiscard]] std::vector<Made> take();

 private:
  struct Held {
    std::shared_ptr<const StreamConfig> config;
    base::MediaTime pts{0};
    bool keyframe = false;
    std::vector<std::uint8_t> bytes;
  };
  struct Current {
    timing::Segment segment;
    base::MediaTime shift{0};  ///< from the layer's time to the source's
  };
  static constexpr std::size_t kMaxHeld = 64;
  /// What the declared rate is judged over; see LadderStep.
  static constexpr base::MediaTime kRateWindow{std::chrono::seconds(10)};

  void place();
  [[nodiscard]] bool may_begin_yet(const Held& picture) const;
  [[nodiscard]] const timing::Segment* beginning_with(base::MediaTime pts) const;
  void begin(const timing::Segment& segment, base::MediaTime pts);
  [[nodiscard]] bool has_missed_one(base::MediaTime pts) const;
  [[nodiscard]] bool within_rate() const;
  void put(Held picture);
  void lose();

  const wire::LadderStep* step_;
  std::deque<timing::Segment> segments_;  ///< the source's newest
  base::MediaTime source_pts_{0};
  std::optional<base::MediaTime> source_key_;  ///< its newest keyframe
  std::deque<Held> held_;                      ///< from a keyframe on whose segment is not known yet
  base::MediaTime heard_{0};
  std::optional<Current> current_;
  std::deque<Made> kept_;
  std::optional<std::uint64_t> next_;  ///< what take() goes on with, counted from the first ever placed
  std::uint64_t gone_ = 0;             ///< how many of them are no longer in kept_
  std::deque<std::pair<base::MediaTime, std::size_t>> sizes_;  ///< of the rate window
  std::uint32_t proven_ = 0;
  std::uint32_t proof_ = kProven;
};

}  // namespace tongke::pipeline::worker::ladder
