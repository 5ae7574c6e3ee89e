#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace tongke::pipeline::worker::ladder {

/// When a still is due: the picture has changed and stands (a page that is being turned is not
/// shown half), and the line of the weakest has room for it. Pure.
class StillRules {
 public:
  using Thumbnail = std::vector<std::uint8_t>;  ///< brightness, a point per block of the picture

  static constexpr base::MediaTime kLookEvery{std::chrono::milliseconds(500)};
  /// What moves all the time is shown as often as this, as far as the room allows.
  static constexpr base::MediaTime kLongestWait{std::chrono::seconds(4)};
  /// With the sound's 38 kbit/s less than 60.
  static constexpr std::int64_t kBytesPerSecond = 2'500;
  /// Saved up while nothing changes: two dense slides.
  static constexpr std::int64_t kMostSaved = 160'000;

  [[nodiscard]] bool should_look(base::MediaTime now) const {
    return !looked_ || now - *looked_ >= kLookEvery || now < *looked_;
  }

  /// Looks at a picture. @return whether to make a still of it
  [[nodiscard]] bool look(base::MediaTime now, Thumbnail thumbnail) {
    const auto since = looked_ ? std::max(now - *looked_, base::MediaTime(0)) : base::MediaTime(0);
    room_ = std::min(kMostSaved, room_ + kBytesPerSecond * since.count() / 1'000'000);
    looked_ = now;
    const bool stands = !differs(thumbnail, last_look_);
    const bool is_new = differs(thumbnail, last_still_);
    last_look_ = std::move(thumbnail);
    if (!is_new) {
      changed_.reset();
      return false;
    }
    if (!changed_) changed_ = now;
    const bool waited = now - *changed_ >= kLongestWait;
    return (last_still_.empty() || stands || waited) && room_ >= expected_;
  }

  /// The still of the picture last looked at has this size.
  void made(std::size_t bytes) {
    last_still_ = last_look_;
    expected_ = static_cast<std::int64_t>(bytes) / 2;
    room_ -= static_cast<std::int64_t>(bytes);
    changed_.reset();
  }

 private:
  /// A word written on a board is a handful of points; noise and compression change none by so much.
  [[nodiscard]] static bool differs(const Thumbnail& a, const Thumbnail& b) {
    constexpr int kVisible = 10;
    constexpr int kPoints = 3;
    if (a.size() != b.size()) return true;
    int points = 0;
    for (std::size_t i = 0; i < a.size(); ++i) points += std::abs(int{a[i]} - int{b[i]}) > kVisible ? 1 : 0;
    return points >= kPoints;
  }

  std::optional<base::MediaTime> looked_;
  std::optional<base::MediaTime> changed_;  ///< since when the picture is not the last still's
  Thumbnail last_look_;
  Thumbnail last_still_;
  std::int64_t room_ = kMostSaved;
  std::int64_t expected_ = 0;  ///< a still is made when half of what the last took is there
};

}  // namespace tongke::pipeline::worker::ladder
