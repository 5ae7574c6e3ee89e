#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace tongke::relay::live {

/// Which renditions that are made on demand somebody wants: WebRTC viewers hold them until they
/// leave, HLS players ask again and again and are believed for a minute.  @thread control; pure
class Demand {
 public:
  using Time = base::Steady::time_point;
  static constexpr std::chrono::seconds kLinger{60};

  struct Change {
    std::string rendition;
    bool on = false;

    friend bool operator==(const Change&, const Change&) = default;
  };

  /// Somebody wants it until hold(…, false).
  [[nodiscard]] std::vector<Change> hold(const std::string& rendition, bool on) {
    if (on) {
      held_.insert(rendition);
    } else {
      held_.erase(rendition);
    }
    return settle();
  }

  /// Somebody fetches it.
  [[nodiscard]] std::vector<Change> ask(const std::string& rendition, Time now) {
    asked_[rendition] = now;
    return settle();
  }

  /// Forgets those who have stopped asking.
  [[nodiscard]] std::vector<Change> expire(Time now) {
    std::erase_if(asked_, [&](const auto& entry) { return now - entry.second > kLinger; });
    return settle();
  }

  /// It is made no longer, whoever wants it.
  [[nodiscard]] std::vector<Change> drop(const std::string& rendition) {
    held_.erase(rendition);
    asked_.erase(rendition);
    return settle();
  }

  [[nodiscard]] const std::set<std::string>& wanted() const noexcept { return wanted_; }
  /// Whether expire() has anything to do.
  [[nodiscard]] bool expires() const noexcept { return !asked_.empty(); }

 private:
  std::vector<Change> settle() {
    std::set<std::string> now = held_;
    for (const auto& [rendition, when] : asked_) now.insert(rendition);
    std::vector<Change> changes;
    for (const auto& rendition : wanted_) {
      if (!now.contains(rendition)) changes.push_back({rendition, false});
    }
    for (const auto& rendition : now) {
      if (!wanted_.contains(rendition)) changes.push_back({rendition, true});
    }
    wanted_ = std::move(now);
    return changes;
  }

  std::set<std::string> held_;
  std::map<std::string, Time> asked_;  ///< when last
  std::set<std::string> wanted_;
};

}  // namespace tongke::relay::live
