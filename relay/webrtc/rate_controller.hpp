#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"

/// Which rendition a viewer's line carries; pure.
namespace tongke::relay::webrtc {

/// What the viewer's side reported since the last update.
struct LineReport {
  std::optional<double> loss;                         ///< fraction of packets lost
  std::optional<std::uint64_t> remb;                  ///< bits per second the viewer's estimator allows
  std::optional<std::uint64_t> delivered;             ///< bits per second that arrived
  std::optional<std::chrono::milliseconds> queueing;  ///< delay above the line's own
};

/// Estimates a line's rate from loss, queueing and the peer's own estimate, and picks a step.
/// Down at once; up only after a quiet time and after sending the difference as padding without
/// harm, and each failed try makes the next one wait longer.
class RateController {
 public:
  using Time = base::Steady::time_point;

  /// Going up is tried this long after the last change at first; doubled by each failure.
  static constexpr std::chrono::seconds kFirstWait{4};
  static constexpr std::chrono::seconds kLongestWait{16};
  /// After one that went well.
  static constexpr std::chrono::milliseconds kNextWait{1500};
  /// How long padding must do no harm.
  static constexpr std::chrono::milliseconds kProbe{1200};
  static constexpr std::uint64_t kFirstEstimate = 4'000'000;
  static constexpr std::uint64_t kLeastEstimate = 30'000;

  explicit RateController(Time now) : changed_(now), estimated_(now) {}

  struct Decision {
    std::size_t step = 0;       ///< index into the rates given
    std::uint64_t padding = 0;  ///< bits per second to send on top, for probing
    std::uint64_t estimate = 0;
  };
  /// @param rates    bits per second of each step, ascending; not empty. The first is what is
  ///                 sent in any case (audio).
  /// @param sending  bits per second of media going out now, padding not counted
  Decision update(std::span<const std::uint64_t> rates, std::uint64_t sending, const LineReport& report,
                  Time now);

  /// There are other steps than before: what was chosen is this one now.
  void renumber(std::size_t step) noexcept { step_ = step; }

  [[nodiscard]] std::uint64_t estimate() const noexcept { return estimate_; }

 private:
  void learn(std::uint64_t sending, const LineReport& report, Time now);
  void move(std::size_t step, Time now);
  void give_up(Time now);
  [[nodiscard]] bool fits(std::uint64_t rate) const noexcept;

  std::uint64_t estimate_ = kFirstEstimate;
  std::size_t step_ = SIZE_MAX;  ///< the highest there is, until something says otherwise
  Time changed_;
  Time estimated_;
  std::optional<Time> probing_;
  std::optional<Time> strained_;  ///< since when the present step has been too much
  bool trouble_ = false;
  std::chrono::milliseconds wait_{kFirstWait};
  bool climbed_ = false;  ///< the last change, or try, was upwards and went well
};

}  // namespace tongke::relay::webrtc
