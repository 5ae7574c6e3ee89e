#pragma once

#include <string>
#include <vector>

namespace tongke::pipeline::worker::slate {

/// `tongke-pipeline clip --in FILE --out FOLDER`: a school's own clip (eye exercises) as a channel plays it,
/// pieces of four seconds of MPEG-TS, FOLDER/0.ts and on, one after the other without a break. Any picture
/// that libav decodes, up to 720p; sound of AAC, MP3, MP2 or Opus. The last piece is filled up with the last
/// picture.
/// @return the process's exit code
int run_clip(const std::vector<std::string>& arguments);

}  // namespace tongke::pipeline::worker::slate
