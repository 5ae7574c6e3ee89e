#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/guarded.hpp"

namespace tongke::pipeline::worker::output {

/// Sends a stream of constant bit rate as evenly as it says it is: one datagram after the other, on
/// a thread of its own, each when the clock has come to it. What a muxer makes in bursts waits here.
class Pacer {
 public:
  /// Seven TS packets, what fits into an Ethernet frame.
  static constexpr std::size_t kDatagram = 7 * 188;
  /// The first datagram goes so long after the first bytes came; longer than the muxer is ever silent.
  static constexpr std::chrono::milliseconds kPreload{800};

  /// Sends one datagram; 0, or libav's error.  @thread the pacer's
  using Send = std::function<int(base::ByteView)>;

  Pacer(std::uint32_t rate_bps, Send send);
  /// Drops what waits; a send that is under way is waited for.
  ~Pacer();
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  // ---- any one thread ----
  /// Has no bound of its own: it is as much as the clock has gone on since the last datagram.
  void push(base::ByteView bytes);
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  [[nodiscard]] std::uint64_t underruns() const noexcept { return underruns_; }
  /// What send said last when it failed; then nothing is sent any more.
  [[nodiscard]] int failure() const noexcept { return failure_; }

 private:
  void run();
  /// Waits until there has been something for kPreload; false when it is over.
  [[nodiscard]] bool preload();

  const std::uint32_t rate_bps_;
  const Send send_;
  base::Mutex mutex_;
  std::condition_variable_any more_;
  std::deque<std::uint8_t> waiting_ TONGKE_GUARDED_BY(mutex_);
  bool over_ TONGKE_GUARDED_BY(mutex_) = false;
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> underruns_{0};
  std::atomic<int> failure_{0};
  std::thread thread_;  // last: it uses the others
};

}  // namespace tongke::pipeline::worker::output
