#pragma once

#include <string>
#include <vector>

namespace tongke::pipeline::worker::fill {

/// `tongke-pipeline fill --container webm|mp4 --cuts µs,µs… --like AUDIO.mp4 --out FILE
/// [--picture VIDEO.mp4 --picture-out FILE] --sound PIECE --at µs [--sound …]`.
/// @return the process's exit code
int run(const std::vector<std::string>& arguments);

}  // namespace tongke::pipeline::worker::fill
