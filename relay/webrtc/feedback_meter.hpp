#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "relay/webrtc/rate_controller.hpp"

namespace tongke::relay::webrtc {

/// From arrival times by transport-cc to loss, delivered rate and queueing delay; pure.
class FeedbackMeter {
 public:
  /// @param sent_us  on our clock; @param arrived_us on the viewer's: only differences count
  void arrived(std::size_t size, std::uint32_t sent_us, std::int64_t arrived_us) {
    ++arrived_;
    bytes_ += size;
    last_us_ = std::max(last_us_, arrived_us);
    // Both clocks wrap or jump anywhere; their difference modulo 2^32 moves little.
    const auto one_way = static_cast<std::uint32_t>(arrived_us) - sent_us;
    if (!started_) {
      started_ = true;
      reference_ = one_way;
    }
    const auto delay = static_cast<std::int32_t>(one_way - reference_);
    least_now_ = std::min(least_now_, delay);
    sum_ += delay;
  }
  void lost() { ++lost_; }
  [[nodiscard]] bool seen() const noexcept { return arrived_ + lost_ > 0; }

  /// Something else is being sent: what became of the one before says nothing of it, though a flood's
  /// packets would outweigh its own for seconds.
  void forget() {
    lost_lately_ = sent_lately_ = bytes_lately_ = span_lately_ = 0;
    newest_us_.reset();
  }

  /// What was learnt since the last call.
  void report(LineReport& report) {
    if (!seen()) return;
    lost_lately_ = lost_lately_ * kKept + static_cast<double>(lost_);
    sent_lately_ = sent_lately_ * kKept + static_cast<double>(arrived_ + lost_);
    report.loss = lost_lately_ / sent_lately_;
    if (arrived_ > 0) {
      const std::int32_t least = std::min(least_now_, least_before_);
      const auto mean = static_cast<std::int32_t>(sum_ / static_cast<std::int64_t>(arrived_));
      report.queueing = std::chrono::milliseconds((mean - least) / 1000);
      if (newest_us_ && last_us_ > *newest_us_) {
        bytes_lately_ = bytes_lately_ * kKeptRate + static_cast<double>(bytes_);
        span_lately_ = span_lately_ * kKeptRate + static_cast<double>(last_us_ - *newest_us_);
        report.delivered = static_cast<std::uint64_t>(bytes_lately_ * 8e6 / span_lately_);
      }
      newest_us_ = newest_us_ ? std::max(*newest_us_, last_us_) : last_us_;
      if (++reports_ % kMemory == 0) {
        least_before_ = least_now_;
        least_now_ = std::numeric_limits<std::int32_t>::max();
      }
    }
    arrived_ = 0;
    lost_ = 0;
    bytes_ = 0;
    sum_ = 0;
    last_us_ = std::numeric_limits<std::int64_t>::min();
  }

 private:
  /// Reports after which an old least delay begins to be forgotten: routes and clocks drift.
  static constexpr std::uint64_t kMemory = 100;
  /// Part of the older packets that still counts at the next report. A fifth of a second holds
  /// some twenty packets: at an even loss of 5 % one such in ten would look like 14 %.
  static constexpr double kKept = 0.9;
  /// The same of the rate: who takes the least of many single reports goes far below the line.
  static constexpr double kKeptRate = 0.7;

  std::uint64_t arrived_ = 0;
  std::uint64_t lost_ = 0;
  double lost_lately_ = 0;
  double sent_lately_ = 0;
  std::uint64_t bytes_ = 0;
  std::int64_t sum_ = 0;
  double bytes_lately_ = 0;
  double span_lately_ = 0;
  std::optional<std::int64_t> newest_us_;  ///< arrival, of the reports before
  std::int64_t last_us_ = std::numeric_limits<std::int64_t>::min();
  std::uint32_t reference_ = 0;
  std::int32_t least_now_ = std::numeric_limits<std::int32_t>::max();
  std::int32_t least_before_ = std::numeric_limits<std::int32_t>::max();
  std::uint64_t reports_ = 0;
  bool started_ = false;
};

}  // namespace tongke::relay::webrtc
