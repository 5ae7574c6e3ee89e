#pragma once

#include <string>
#include <vector>

namespace tongke::pipeline::worker::slate {

/// `tongke-pipeline rest --out FILE.ts --heading WORDS [--text WORDS] [--half 0|1]`: what a channel shows
/// between two lessons, a calm picture with words and soft sound, as four seconds of MPEG-TS. The two halves
/// play one after the other, and over and over once their times are moved on: they are a whole number of
/// pictures and AAC frames together.
/// @return the process's exit code
int run_rest(const std::vector<std::string>& arguments);

}  // namespace tongke::pipeline::worker::slate
