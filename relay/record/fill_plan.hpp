#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "relay/record/contents.hpp"

/// Where in a recording the sound goes that was kept while a teacher's line was down. Pure.
namespace tongke::relay::record {

/// A gap, cut into the segments that replays list there. Their numbers are those that the slate had
/// while the lesson was live.
struct FillPlan {
  live::Gap gap;
  std::vector<base::MediaTime> cuts;          ///< begin of each segment, and the last one's end; ascending
  std::uint32_t first_msn = 0;                ///< of the first segment; the others follow
  std::uint32_t sound_init = 0;               ///< init of "audio" that the sound must fit
  std::optional<std::uint32_t> picture_init;  ///< init of "src" whose last picture before the gap stands

  [[nodiscard]] std::size_t segments() const noexcept { return cuts.size() - 1; }
};

/// The plan for sound of [from, until) on the media clock: of the gap that it covers most of, if nothing
/// was sent in for that yet.
/// @errors not_found: it falls into no such gap; conflict: there is no room for it; unavailable: the gap's
///         end is not recorded yet, trying again in a moment helps
[[nodiscard]] base::Result<FillPlan> plan_fill(const Contents& contents, base::MediaTime from,
                                               base::MediaTime until);

}  // namespace tongke::relay::record
