#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/clock.hpp"

namespace tongke::relay::channel {

/// A lesson that a channel could show: its media flows, or a slate stands in for it.
struct Candidate {
  std::string_view lesson;
  base::WallTime starts{};  ///< as planned, else when it was made
  bool live = false;        ///< the teacher is there
  std::size_t rooms = 1;    ///< for how many of those who watch here it is meant
  std::size_t order = 0;    ///< which of them is the first that it is meant for
};

/// The one to be shown: of those whose time has come rather than of those that are early, with its teacher
/// there rather than without, meant for the most, then for the first; then the one that began last. nullptr
/// for none. Pure.
[[nodiscard]] const Candidate* pick(std::span<const Candidate> candidates, base::WallTime now);

}  // namespace tongke::relay::channel
