#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace tongke::pipeline::worker::remux {

/// A stretch of a lesson for players that know nothing but MPEG-TS.
struct TsRequest {
  std::vector<std::string>
      video;  ///< CMAF files, each an init segment and what follows; none for sound alone
  std::vector<std::string> audio;  ///< the same
  std::string out;
};

/// Remuxes it. Times are those of the lesson's media clock, so stretches made one by one play
/// one after the other; continuity counters begin anew and say so (discontinuity_indicator).
/// @errors io, invalid: nothing to remux
/// @source ISO/IEC 13818-1 section 2.4.3.5
[[nodiscard]] base::Result<void> make_ts(const TsRequest& request);

}  // namespace tongke::pipeline::worker::remux
