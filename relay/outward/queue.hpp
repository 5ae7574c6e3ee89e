#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "relay/outward/formats.hpp"
#include "relay/outward/notice.hpp"

namespace tongke::relay::outward {

/// What waits for one receiver, and when it may go. Order is kept: one message is on its way at a
/// time, and what failed goes again before anything newer. A robot is sent no more messages a minute
/// than it takes; what would not fit goes as one digest.
///
/// Bounded: when full, the oldest that is not on its way is dropped. No clock and no network of its
/// own.  @thread one at a time
class Queue {
 public:
  using Moment = base::Steady::time_point;
  using Duration = std::chrono::milliseconds;

  struct Options {
    bool merges = false;         ///< several notices may be one message
    std::size_t per_minute = 0;  ///< messages; 0 = as many as there are
    std::size_t bound = 1000;
    Duration keep = std::chrono::hours(24);         ///< older ones are given up
    Duration first_wait = std::chrono::seconds(1);  ///< after a failure; doubles up to `longest_wait`
    Duration longest_wait = std::chrono::minutes(10);
    Duration mute = std::chrono::minutes(10);  ///< how long a robot that was sent too much is left alone
    /// 0 to 1: spreads retries by a fifth either way, so that not all come back at once.
    std::function<double()> jitter = [] { return 0.5; };
  };

  explicit Queue(Options options) : options_(std::move(options)) {}

  /// @return what was dropped for it
  std::optional<Notice> push(Notice notice);
  /// Takes out those that are too old, unless they are on their way.
  std::vector<Notice> expire(base::WallTime now);
  /// A message that went without the queue counts in the receiver's minute.
  void note_sent(Moment at);

  /// When take() will give something; nullopt while one is on its way or nothing waits.
  [[nodiscard]] std::optional<Moment> ready_at() const;
  /// The next message's notices, on their way from now on; none when it is not time.
  [[nodiscard]] std::vector<Notice> take(Moment now);
  /// How what was taken fared.
  /// @param wait  the receiver's own wish, after `again`
  /// @return what is done with: delivered or refused; none when it will go again
  std::vector<Notice> settle(Outcome outcome, Moment now, Duration wait = Duration(0));

  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

 private:
  [[nodiscard]] std::size_t free_slots(Moment now) const;
  [[nodiscard]] Duration pause() const;

  const Options options_;
  std::deque<Notice> waiting_;  // the first out_ of them are on their way
  std::size_t out_ = 0;
  std::deque<Moment> sent_;  // messages of the last minute, oldest first
  Moment not_before_{};
  unsigned failures_ = 0;
};

}  // namespace tongke::relay::outward
