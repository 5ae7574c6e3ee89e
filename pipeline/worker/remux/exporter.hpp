#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tongke::pipeline::worker::remux {

struct ExportRequest {
  std::string out;  ///< …mp4 or …m4a
  struct Track {
    std::vector<std::string> files;       ///< in order
    std::vector<std::string> fills = {};  ///< what was sent in later for its gaps
  };
  std::vector<Track> tracks;
};

/// Remuxes recorded renditions into one MP4 that starts fast, without re-encoding. Writes
/// beside the destination and renames, so that a file of that name is always whole.
/// @param progress  called with 0…1, at most a hundred times
/// @return the duration
/// @errors invalid, io
[[nodiscard]] base::Result<base::MediaTime> export_recording(const ExportRequest& request,
                                                             const std::function<void(double)>& progress);

}  // namespace tongke::pipeline::worker::remux
