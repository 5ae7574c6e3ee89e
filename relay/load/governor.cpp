#include "relay/load/governor.hpp"

#include <algorithm>

namespace tongke::relay::load {
namespace {

/// Weight of the newest second: what is measured swings.
constexpr double kNewest = 0.3;

}  // namespace

void Governor::step(int by, Time now) {
  level_ = static_cast<Level>(static_cast<int>(level_) + by);
  changed_ = now;
  strained_.reset();
  relieved_.reset();
}

Level Governor::update(const Sample& sample, Time now) {
  busy_ = busy_ ? *busy_ + kNewest * (sample.busy - *busy_) : sample.busy;
  own_ += kNewest * (sample.own - own_);
  const bool over = sample.late || (*busy_ > budget_ && now >= settled_);
  if (!over) strained_.reset();
  if (over && !strained_) strained_ = now;
  const bool room = *busy_ <= (level_ == Level::sound ? 1 : kRoom) * budget_;
  if (over || !room) relieved_.reset();
  if (!over && room && !relieved_) relieved_ = now;

  if (level_ != Level::sound && is_too_much(sample.late, now) && (!changed_ || now - *changed_ >= kEffect)) {
    if (returned_ && now - *returned_ < kRegret)
      relief_ = std::min<std::chrono::seconds>(2 * relief_, kLongestRelief);
    step(+1, now);
  } else if (relieved_ && level_ != Level::all && now - *relieved_ >= relief_) {
    step(-1, now);
    returned_ = now;
  } else if (level_ == Level::all && returned_ && now - *returned_ >= kLongestRelief) {
    relief_ = kRelief;
  }
  return level_;
}

// Who is late has waited five seconds already.
bool Governor::is_too_much(bool late, Time now) const {
  if (late) return true;
  if (level_ == Level::no_240p && own_ < kServing * budget_) return false;
  return strained_ && now - *strained_ >= kStrain;
}

}  // namespace tongke::relay::load
