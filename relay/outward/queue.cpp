#include "relay/outward/queue.hpp"

#include <algorithm>
#include <iterator>

namespace tongke::relay::outward {
namespace {

using Moment = Queue::Moment;
using Duration = Queue::Duration;

constexpr std::chrono::seconds kMinute{60};
// So many single messages a group bears in a row; more are one digest.
constexpr std::size_t kMostSingles = 5;
constexpr std::chrono::hours kLongestWish{1};

}  // namespace

std::optional<Notice> Queue::push(Notice notice) {
  std::optional<Notice> dropped;
  if (waiting_.size() >= options_.bound) {
    if (out_ == waiting_.size()) return notice;
    const auto oldest = waiting_.begin() + static_cast<std::ptrdiff_t>(out_);
    dropped = std::move(*oldest);
    waiting_.erase(oldest);
  }
  waiting_.push_back(std::move(notice));
  return dropped;
}

std::vector<Notice> Queue::expire(base::WallTime now) {
  std::vector<Notice> old;
  while (out_ == 0 && !waiting_.empty() && now - waiting_.front().at >= options_.keep) {
    old.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return old;
}

void Queue::note_sent(Moment at) {
  if (options_.per_minute == 0) return;
  sent_.insert(std::ranges::upper_bound(sent_, at), at);
  while (sent_.size() > options_.per_minute) sent_.pop_front();
}

std::size_t Queue::free_slots(Moment now) const {
  const auto recent = std::ranges::count_if(sent_, [&](Moment at) { return now - at < kMinute; });
  return options_.per_minute - std::min(options_.per_minute, static_cast<std::size_t>(recent));
}

std::optional<Moment> Queue::ready_at() const {
  if (out_ != 0 || waiting_.empty()) return std::nullopt;
  if (options_.per_minute == 0 || sent_.size() < options_.per_minute) return not_before_;
  return std::max(not_before_, sent_.front() + kMinute);
}

std::vector<Notice> Queue::take(Moment now) {
  const auto ready = ready_at();
  if (!ready || now < *ready) return {};
  const bool many =
      waiting_.size() > kMostSingles || (options_.per_minute != 0 && waiting_.size() > free_slots(now));
  out_ = options_.merges && many ? waiting_.size() : 1;
  note_sent(now);
  return {waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(out_)};
}

std::vector<Notice> Queue::settle(Outcome outcome, Moment now, Duration wait) {
  // The receiver's minute begins when the message was there, not when it was sent.
  if (!sent_.empty()) {
    sent_.pop_back();
    note_sent(now);
  }
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::exchange(out_, 0));
  if (outcome == Outcome::delivered || outcome == Outcome::refused) {
    failures_ = 0;
    not_before_ = now;
    std::vector<Notice> done(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return done;
  }
  ++failures_;
  const Duration own = outcome == Outcome::too_fast ? options_.mute : pause();
  not_before_ = now + std::max(own, std::min<Duration>(wait, kLongestWish));
  return {};
}

Duration Queue::pause() const {
  Duration base = options_.first_wait;
  for (unsigned i = 1; i < failures_ && base < options_.longest_wait; ++i) base *= 2;
  base = std::min(base, options_.longest_wait);
  const double spread = 0.8 + 0.4 * options_.jitter();
  return Duration(static_cast<Duration::rep>(static_cast<double>(base.count()) * spread));
}

}  // namespace tongke::relay::outward
