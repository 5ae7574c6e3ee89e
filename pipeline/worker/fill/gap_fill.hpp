#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tongke::pipeline::worker::fill {

/// A file of a browser's MediaRecorder.
struct Sound {
  std::string path;
  base::MediaTime at{0};  ///< of its first sample, on the lesson's media clock
};

struct FillRequest {
  std::string container;              ///< "webm" or "mp4": nothing else is tried on what a stranger may send
  std::vector<Sound> sounds;          ///< in order of time
  std::vector<base::MediaTime> cuts;  ///< begin of each segment, and the last one's end
  std::string like;                   ///< the recording's sound, whose parameters the new one must have
  std::string out;                    ///< an init segment and one fragment for each segment with sound in it
  std::string picture = {};           ///< the recording's picture; empty: there is none
  std::string picture_out = {};       ///< the last picture before the gap, once for each of these segments
};

/// Makes segments for a gap of a recording: sound as the `audio` rendition has it, silent where nothing
/// was sent in, and the picture that stands meanwhile, copied, not encoded.
/// @errors invalid: undecodable, or not what the recording's sound can hold; io
[[nodiscard]] base::Result<void> fill_gap(const FillRequest& request);

}  // namespace tongke::pipeline::worker::fill
