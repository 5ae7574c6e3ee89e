#include "relay/webrtc/rate_controller.hpp"

#include <algorithm>

namespace tongke::relay::webrtc {
namespace {

constexpr double kMuchLoss = 0.10;
constexpr double kLittleLoss = 0.02;
constexpr std::chrono::milliseconds kMuchQueueing{150};
constexpr std::chrono::milliseconds kLittleQueueing{60};
/// Estimates grow by this part a second while nothing is wrong.
constexpr double kGrowth = 0.15;
/// A report of trouble counts once per round trip or so.
constexpr std::chrono::milliseconds kReaction{300};
/// How long a step may be too much before it is left: bursts pass.
constexpr std::chrono::milliseconds kStrain{600};
/// A try that fails within this time makes the next wait longer.
constexpr std::chrono::seconds kRegret{8};
constexpr std::chrono::seconds kLongestProbe{8};

std::uint64_t scaled(std::uint64_t rate, double by) {
  return static_cast<std::uint64_t>(static_cast<double>(rate) * by);
}

std::chrono::milliseconds longer(std::chrono::milliseconds wait) {
  return std::min<std::chrono::milliseconds>(wait * 2, RateController::kLongestWait);
}

}  // namespace

bool RateController::fits(std::uint64_t rate) const noexcept { return rate + rate / 10 <= estimate_; }

void RateController::learn(std::uint64_t sending, const LineReport& report, Time now) {
  const double loss = report.loss.value_or(0);
  const auto queueing = report.queueing.value_or(std::chrono::milliseconds(0));
  const auto since = now - estimated_;
  trouble_ = loss > kMuchLoss || queueing > kMuchQueueing;
  if (trouble_ && since > kReaction) {
    // What arrived is the line's rate; without that number, what was sent less what was lost.
    const double by = loss > kMuchLoss ? std::max(0.5, 1 - 0.5 * loss) : 0.85;
    const std::uint64_t carried = report.delivered ? scaled(*report.delivered, 0.9) : scaled(sending, by);
    estimate_ = std::min(estimate_, carried);
    estimated_ = now;
  } else if (loss < kLittleLoss && queueing < kLittleQueueing) {
    // What is not sent cannot be known: beyond twice of that, only probing raises the estimate.
    const double seconds = std::min(1.0, std::chrono::duration<double>(since).count());
    const std::uint64_t grown = scaled(estimate_, 1 + kGrowth * seconds) + scaled(20'000, seconds);
    estimate_ = std::max(estimate_, std::min(grown, sending * 2));
    estimated_ = now;
  } else {
    estimated_ = std::max(estimated_, now - kReaction);
  }
  if (report.remb) estimate_ = std::min(estimate_, *report.remb);
  estimate_ = std::max(estimate_, kLeastEstimate);
}

void RateController::move(std::size_t step, Time now) {
  climbed_ = step > step_;
  step_ = step;
  changed_ = now;
  probing_.reset();
  strained_.reset();
}

void RateController::give_up(Time now) {
  wait_ = longer(wait_);
  probing_.reset();
  changed_ = now;
  climbed_ = false;
}

RateController::Decision RateController::update(std::span<const std::uint64_t> rates, std::uint64_t sending,
                                                const LineReport& report, Time now) {
  learn(sending, report, now);
  if (step_ >= rates.size()) step_ = rates.size() - 1;
  Decision decision{.step = step_, .padding = 0, .estimate = estimate_};

  // Down: to the highest step that fits, once the present one has not for a while.
  const bool too_much = step_ > 0 && rates[step_] > estimate_;
  if (!too_much) strained_.reset();
  if (too_much && !strained_) strained_ = now;
  if (too_much && now - *strained_ >= kStrain) {
    std::size_t lower = step_;
    while (lower > 0 && !fits(rates[lower])) --lower;
    if (climbed_ && now - changed_ < kRegret) wait_ = longer(wait_);
    move(lower, now);
    decision.step = step_;
    return decision;
  }

  // Up: one step, after a quiet time, by padding first.
  if (trouble_ && probing_) give_up(now);
  if (step_ + 1 >= rates.size() || too_much || trouble_) {
    probing_.reset();
    if (now - changed_ > 2 * kRegret && !trouble_) wait_ = kFirstWait;
    return decision;
  }
  if (!probing_ && now - changed_ >= (climbed_ ? kNextWait : wait_)) probing_ = now;
  if (!probing_) return decision;
  const std::uint64_t next = rates[step_ + 1];
  const auto probed = now - *probing_;
  if (probed >= kLongestProbe) {
    give_up(now);
    return decision;
  }
  // A viewer's own estimator follows what it is sent; it has to come round first.
  if (probed >= kProbe && report.remb.value_or(next) >= next) {
    estimate_ = std::max(estimate_, next + next / 5);
    move(step_ + 1, now);
    decision.step = step_;
    return decision;
  }
  const std::uint64_t goal = next + next / 10;
  decision.padding = goal > sending ? goal - sending : 0;
  return decision;
}

}  // namespace tongke::relay::webrtc
