#pragma once

#include <string>
#include <vector>

namespace tongke::pipeline::worker::demo {

/// `tongke-pipeline demo --url rtmp://… [--with-parent]`: the demo teacher, until SIGTERM.
/// @return the process's exit code
int run(const std::vector<std::string>& arguments);

}  // namespace tongke::pipeline::worker::demo
