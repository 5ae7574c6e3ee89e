#pragma once

#include <string>
#include <vector>

#include "tests/unit/pipeline/worker_process.hpp"

namespace tongke::tests {

inline const std::string kPicture = "-f lavfi -i testsrc2=s=320x180:r=25 ";
inline const std::string kSound = "-f lavfi -i sine=440:r=44100 ";
inline const std::string kX264 = "-c:v libx264 -preset ultrafast -b:v 300k -g 50 ";
inline const std::string kAac = "-c:a aac -b:a 64k ";

/// A directory for this run's clips.
[[nodiscard]] const std::string& workspace();

/// Makes `name` (.flv or .ts) with ffmpeg unless it exists, and cuts it into chunks.
[[nodiscard]] std::vector<Bytes> clip(const std::string& name, const std::string& arguments);

/// A transport stream whose picture grows from 320x180 to 640x360 after three of six seconds.
[[nodiscard]] std::vector<Bytes> growing_clip();

/// All a fresh child has to say to this input.
[[nodiscard]] Heard run_through(const std::vector<Bytes>& chunks, const pipeline::wire::Open& open);

}  // namespace tongke::tests
