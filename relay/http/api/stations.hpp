#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "relay/channel/channel.hpp"
#include "relay/live/lesson.hpp"

namespace tongke::relay::http::api {

/// The channels that somebody watches. One that nobody asks for any more is dropped: whoever comes back
/// finds higher numbers there, as if he had slept.  @thread control
class Stations {
 public:
  /// More are refused: each is a few kilobytes, and its asker a look at the day.
  static constexpr std::size_t kMost = 2048;
  static constexpr std::chrono::minutes kForgotten{3};

  struct Station {
    channel::Channel channel;
    std::shared_ptr<live::Lesson> lesson;  ///< shown now, or to its last piece; null: none
    std::string token;                     ///< for its media
    base::Steady::time_point heard{};
  };

  explicit Stations(std::chrono::milliseconds segment);
  Stations(const Stations&) = delete;
  Stations& operator=(const Stations&) = delete;

  /// The station of an address; null, and counted, when there are too many.
  [[nodiscard]] Station* at(std::string_view address, base::Steady::time_point now, base::WallTime wall);

 private:
  void forget_unheard(base::Steady::time_point now);

  const std::chrono::seconds target_;
  std::map<std::string, Station, std::less<>> stations_;
  base::Steady::time_point looked_{};
};

}  // namespace tongke::relay::http::api
