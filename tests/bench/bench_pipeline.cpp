#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/unit/pipeline/worker_process.hpp"

// What one pass-through lesson at 1 Mbit/s costs its child, in real time: CPU, memory and
// the time from start to the first part (what a restart after a crash adds to the gap).

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;
using base::Steady;

namespace {

constexpr int kSeconds = 30;

double cpu_seconds(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text{std::istreambuf_iterator<char>(stat), {}};
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skip;
  for (int i = 0; i < 11; ++i) fields >> skip;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::map<std::string, long> memory_kb(pid_t pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::map<std::string, long> found;
  std::string line;
  std::getline(rollup, line);
  while (std::getline(rollup, line))
    found[line.substr(0, line.find(':'))] = std::atol(line.c_str() + line.find(':') + 1);
  return found;
}

double milliseconds_since(Steady::time_point begin) {
  return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

std::chrono::milliseconds timestamp(const Bytes& tag) {
  return std::chrono::milliseconds(tag[4] << 16 | tag[5] << 8 | tag[6] | tag[7] << 24);
}

}  // namespace

int main() {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("tongke-bench-" + std::to_string(getpid()) + ".flv"))
          .string();
  const std::string made =
      shell("ffmpeg -v error -y -f lavfi -i testsrc2=s=1280x720:r=30 -f lavfi -i sine=440:r=48000 -t " +
            std::to_string(kSeconds) +
            " -c:v libx264 -preset ultrafast -b:v 900k -maxrate 900k -bufsize 900k -g 60 -c:a aac -b:a 96k " +
            path);
  if (!made.empty()) {
    std::fprintf(stderr, "ffmpeg: %s\n", made.c_str());
    return 1;
  }
  const auto chunks = flv_chunks(read_file(path));
  std::filesystem::remove(path);

  const auto begin = Steady::now();
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  double first_part_ms = 0;
  double start_cpu = 0;
  constexpr auto kReplayed = 2000ms;  // a restarted child gets what is since the last keyframe at once
  for (const Bytes& chunk : chunks) {
    const auto due = begin + (chunk.size() > 13 ? timestamp(chunk) : 0ms) - kReplayed;
    while (Steady::now() < due) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due - Steady::now());
      worker.read_until([](const Heard&) { return false; }, std::min<std::chrono::milliseconds>(left, 50ms));
    }
    worker.send(Input{base::SharedBytes(chunk)});
    if (first_part_ms == 0 && !worker.heard().parts.empty()) {
      first_part_ms = milliseconds_since(begin);
      start_cpu = cpu_seconds(worker.pid());
    }
  }
  const double wall = milliseconds_since(begin) / 1000;
  const auto memory = memory_kb(worker.pid());
  const double cpu = cpu_seconds(worker.pid());
  nlohmann::json result = {{"bench", "pipeline"},
                           {"media_s", kSeconds},
                           {"wall_s", wall},
                           {"start_cpu_s", start_cpu},
                           {"cpu_cores", (cpu - start_cpu) / wall},
                           {"first_part_ms", first_part_ms},
                           {"rss_kb", memory.at("Rss")},
                           {"pss_kb", memory.at("Pss")},
                           {"private_dirty_kb", memory.at("Private_Dirty")}};
  std::printf("%s\n", result.dump(2).c_str());
  return 0;
}
