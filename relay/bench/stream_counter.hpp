#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "relay/webrtc/rtp.hpp"

namespace tongke::relay::bench {

/// What one RTP stream's headers tell: packets, loss and jitter. Pure.
/// @source RFC 3550 sections 6.4.1 and A.3, A.8
class StreamCounter {
 public:
  explicit StreamCounter(std::uint32_t clock_rate) : clock_rate_(clock_rate) {}

  void add(std::uint16_t sequence, std::uint32_t timestamp, base::Steady::time_point now) {
    const std::int64_t number = unwrapper_.unwrap(sequence);
    if (packets_++ == 0) first_ = highest_ = number;
    highest_ = number > highest_ ? number : highest_;
    const double arrival = std::chrono::duration<double>(now.time_since_epoch()).count() * clock_rate_;
    const double transit = arrival - timestamp;
    if (transit_) {
      const double change = transit > *transit_ ? transit - *transit_ : *transit_ - transit;
      // A jump of the timestamp's 32 bits is not jitter.
      if (change < clock_rate_ * 10.0) jitter_ += (change - jitter_) / 16;
    }
    transit_ = transit;
  }

  [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
  [[nodiscard]] std::uint64_t expected() const noexcept {
    return packets_ == 0 ? 0 : static_cast<std::uint64_t>(highest_ - first_ + 1);
  }
  /// Not counting what came twice: never negative.
  [[nodiscard]] std::uint64_t lost() const noexcept {
    return expected() > packets_ ? expected() - packets_ : 0;
  }
  [[nodiscard]] double jitter_ms() const noexcept { return jitter_ / clock_rate_ * 1000; }
  [[nodiscard]] std::uint32_t highest_sequence() const noexcept {
    return static_cast<std::uint32_t>(highest_);
  }

 private:
  std::uint32_t clock_rate_;
  webrtc::rtp::Unwrapper unwrapper_;
  std::uint64_t packets_ = 0;
  std::int64_t first_ = 0;
  std::int64_t highest_ = 0;
  std::optional<double> transit_;
  double jitter_ = 0;
};

}  // namespace tongke::relay::bench
