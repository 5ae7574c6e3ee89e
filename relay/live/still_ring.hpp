#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "relay/live/snapshot.hpp"

namespace tongke::relay::live {

/// A lesson's newest stills, numbered as they came. Bounded: the oldest give way.
/// @thread control; pure
class StillRing {
 public:
  static constexpr std::size_t kMost = 48;
  static constexpr std::size_t kMostBytes = 4U << 20U;

  /// @return false when it is not newer than the last: a restarted child shows it again
  bool add(base::MediaTime at, base::SharedBytes webp) {
    if (webp.empty() || (!stills_.empty() && at <= stills_.back().at)) return false;
    bytes_ += webp.size();
    stills_.push_back({.number = next_++, .at = at, .webp = std::move(webp)});
    while (stills_.size() > kMost || (bytes_ > kMostBytes && stills_.size() > 1)) {
      bytes_ -= stills_.front().webp.size();
      stills_.erase(stills_.begin());
    }
    shared_ = std::make_shared<const std::vector<Still>>(stills_);
    return true;
  }

  /// Oldest first; null before the first.
  [[nodiscard]] const std::shared_ptr<const std::vector<Still>>& stills() const noexcept { return shared_; }

 private:
  std::vector<Still> stills_;
  std::size_t bytes_ = 0;
  std::uint32_t next_ = 0;
  std::shared_ptr<const std::vector<Still>> shared_;
};

}  // namespace tongke::relay::live
