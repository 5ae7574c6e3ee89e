#pragma once

#include <string>
#include <vector>

namespace tongke::pipeline::worker::remux {

/// `tongke-pipeline export --out FILE --track A.mp4[,A2.mp4…] [--track …]`: progress and
/// result as JSON lines on standard output, what is wrong on standard error.
/// @return the process's exit code
int run(const std::vector<std::string>& arguments);

/// `tongke-pipeline ts --out FILE.ts [--video A.mp4[,A2.mp4]] [--audio B.mp4[,B2.mp4]]`.
/// @return the process's exit code
int run_ts(const std::vector<std::string>& arguments);

}  // namespace tongke::pipeline::worker::remux
