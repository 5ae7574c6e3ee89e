#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "relay/load/level.hpp"

namespace tongke::relay::load {

/// Decides by what is measured how much may be made: less within seconds, more again only after a quiet time,
/// and the later the more often it turned out to be too much. Pure.
class Governor {
 public:
  using Time = base::Steady::time_point;
  /// More than the budget for so long is too much; a moment of it is not.
  static constexpr std::chrono::seconds kStrain{2};
  /// Before the next step: what is given up is still made until its viewers have moved (live::Lesson).
  static constexpr std::chrono::seconds kEffect{12};
  /// Room for so long, and one step comes back; doubled each time that was too early.
  static constexpr std::chrono::seconds kRelief{20};
  static constexpr std::chrono::seconds kLongestRelief{320};
  /// Too much again so soon after a step back: that was too early.
  static constexpr std::chrono::seconds kRegret{60};
  /// Room is below this part of the budget. For the teacher's own picture the budget itself will do.
  static constexpr double kRoom = 0.85;
  /// The teacher's own picture costs what it takes to send. It is not given up while this program itself
  /// takes less than this part of the budget: then another one keeps the machine busy, and nothing would be
  /// won.
  static constexpr double kServing = 0.2;

  struct Sample {
    double busy = 0;    ///< percent of the machine
    double own = 0;     ///< of it, what this program takes without its children
    bool late = false;  ///< pictures of the ladder were left out for lack of time
  };

  /// @param budget   percent of the machine; 100: only late pictures are too much
  /// @param settled  busy CPUs say nothing before: what starts, or has just been built, is busy for a moment
  explicit Governor(double budget, Time settled = Time::min()) : budget_(budget), settled_(settled) {}

  void set_budget(double budget) noexcept { budget_ = budget; }
  /// Once a second.
  Level update(const Sample& sample, Time now);

  [[nodiscard]] Level level() const noexcept { return level_; }
  /// Percent of the machine, over the last seconds.
  [[nodiscard]] double busy() const noexcept { return busy_.value_or(0); }

 private:
  void step(int by, Time now);
  [[nodiscard]] bool is_too_much(bool late, Time now) const;

  double budget_;
  Time settled_;
  std::optional<double> busy_;
  double own_ = 0;
  Level level_ = Level::all;
  std::optional<Time> changed_;
  std::optional<Time> strained_;  ///< since when it has been too much
  std::optional<Time> relieved_;  ///< since when there has been room
  std::optional<Time> returned_;  ///< the last step back
  std::chrono::seconds relief_{kRelief};
};

}  // namespace tongke::relay::load
