#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/worker/demo/command.hpp"
#include "pipeline/worker/fill/command.hpp"
#include "pipeline/worker/live/command.hpp"
#include "pipeline/worker/output/command.hpp"
#include "pipeline/worker/remux/command.hpp"
#include "pipeline/worker/slate/clip.hpp"
#include "pipeline/worker/slate/rest.hpp"

namespace {

constexpr std::string_view kUsage =
    "usage: tongke-pipeline live\n"
    "           one live lesson: speaks the pipeline wire protocol on descriptor 3\n"
    "       tongke-pipeline output\n"
    "           sends one lesson to one destination outside: the same protocol on descriptor 3\n"
    "       tongke-pipeline export --out FILE.mp4|FILE.m4a --track A.mp4[,A2.mp4...] [--fill "
    "F.mp4[,F2.mp4...]] [--track ...]\n"
    "           remuxes recorded renditions; progress as JSON lines\n"
    "       tongke-pipeline fill --container webm|mp4 --cuts US,US... --like AUDIO.mp4 --out FILE\n"
    "                            [--picture VIDEO.mp4 --picture-out FILE] --sound PIECE --at US [--sound "
    "...]\n"
    "           makes segments for a gap of a recording out of sound that a browser kept\n"
    "       tongke-pipeline ts --out FILE.ts [--video A.mp4[,A2.mp4]] [--audio B.mp4[,B2.mp4]]\n"
    "           remuxes a stretch of a lesson for players that know nothing but MPEG-TS\n"
    "       tongke-pipeline rest --out FILE.ts --heading WORDS [--text WORDS] [--half 0|1]\n"
    "           what a channel shows between two lessons: four seconds of MPEG-TS\n"
    "       tongke-pipeline clip --in FILE --out FOLDER\n"
    "           a school's own clip for it, eye exercises: pieces of four seconds of MPEG-TS\n"
    "       tongke-pipeline demo --url rtmp://HOST/live/LESSON?key=KEY [--with-parent]\n"
    "           publishes the demo lesson until it is terminated\n";

}  // namespace

int main(int argc, char** argv) {
  namespace worker = tongke::pipeline::worker;
  const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "live") return worker::live::run();
  if (command == "output") return worker::output::run();
  if (command == "export") return worker::remux::run(arguments);
  if (command == "fill") return worker::fill::run(arguments);
  if (command == "ts") return worker::remux::run_ts(arguments);
  if (command == "rest") return worker::slate::run_rest(arguments);
  if (command == "clip") return worker::slate::run_clip(arguments);
  if (command == "demo") return worker::demo::run(arguments);
  const bool asked = command == "--help";
  std::fwrite(kUsage.data(), 1, kUsage.size(), asked ? stdout : stderr);
  return asked ? 0 : 2;
}
