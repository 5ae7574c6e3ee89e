#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace tongke::relay::load {

/// When viewers who join have the picture: at once as long as no more come than a bucket of tokens allows,
/// else with a place in the row, and within kLongest in any case. Sound is nobody's to wait for. Those of
/// graduating classes wait only for each other.  @source requirements OP-1.  Pure.
class Admission {
 public:
  using Time = base::Steady::time_point;
  static constexpr std::chrono::seconds kLongest{50};  ///< and a few for the picture to begin: a minute
  /// So many seconds' worth may come at one moment.
  static constexpr std::chrono::seconds kBurst{5};
  /// Who was not heard of for so long joins anew; pages ask every few seconds.
  static constexpr std::chrono::minutes kMemory{2};
  /// Viewers remembered; more have the picture at once.
  static constexpr std::size_t kMost = 200'000;

  /// @param per_second  joins
  explicit Admission(double per_second)
      : each_(std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(1 / per_second))) {}

  /// @param viewer  the same at every call of one viewer: its place stays
  /// @return when it may have the picture
  Time join(std::string_view viewer, bool priority, Time now);

  [[nodiscard]] std::size_t remembered() const noexcept { return viewers_.size(); }

 private:
  struct Viewer {
    Time picture;
    Time heard;
  };
  void forget(Time now);

  Time::duration each_;
  Time first_row_{};   ///< where the bucket is full again, for graduating classes alone
  Time second_row_{};  ///< and for everybody
  Time forgot_{};
  std::unordered_map<std::uint64_t, Viewer> viewers_;  ///< by hash of the name
};

}  // namespace tongke::relay::load
