#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pipeline/wire/ladder.hpp"
#include "tests/unit/pipeline/worker_process.hpp"

// What the whole ladder of a 720p30 lesson costs its child, against plain ffmpeg that does the
// same job in the same run: the same x264 settings, the same steps, the same sound.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

constexpr int kSeconds = 20;
/// The child is fed as fast as it goes, and no faster: a live one is never this far behind.
constexpr base::MediaTime kAhead = 2s;

double cpu_of_children() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

base::MediaTime newest(const Heard& heard, const std::string& rendition) {
  for (auto part = heard.parts.rbegin(); part != heard.parts.rend(); ++part) {
    if (part->rendition == rendition) return part->start;
  }
  return 0us;
}

/// CPU seconds of one child for the clip, and what the steps weigh.
struct Run {
  double cpu_s = 0;
  std::map<std::string, std::size_t> bytes;
  std::uint64_t late = 0;
};
Run run_child(const std::vector<Bytes>& chunks, bool with_ladder) {
  const double before = cpu_of_children();
  Run run;
  {
    WorkerProcess worker(TONGKE_PIPELINE);
    worker.send(Open{});
    if (with_ladder) {
      for (const LadderStep& step : kLadder) worker.send(Want{std::string(step.name), true});
    }
    for (const Bytes& chunk : chunks) {
      worker.send(Input{base::SharedBytes(chunk)});
      if (!with_ladder) continue;
      worker.read_until(
          [](const Heard& heard) { return newest(heard, "src") - newest(heard, "240p") <= kAhead; }, 10s);
    }
    worker.send(Close{});
    worker.read_to_end(60s);
    worker.wait(5s);
    for (const Part& part : worker.heard().parts) run.bytes[part.rendition] += part.bytes.size();
    if (worker.heard().stats) run.late = worker.heard().stats->late_pictures;
  }
  run.cpu_s = cpu_of_children() - before;
  return run;
}

/// One decoder, the steps scaled from the source as ffmpeg does it, and the sound.
double run_ffmpeg(const std::string& clip, const std::string& folder) {
  std::string graph = "[0:v]split=" + std::to_string(kLadder.size());
  std::string chains;
  std::string outputs;
  for (const LadderStep& step : kLadder) {
    const std::string name(step.name);
    const PictureSize size = size_of(step, {1280, 720});
    graph += "[s" + name + "]";
    chains += ";[s" + name + "]" +
              (step.frames_per_second < 30 ? "fps=" + std::to_string(step.frames_per_second) + "," : "") +
              "scale=" + std::to_string(size.width) + ":" + std::to_string(size.height) + ":flags=bilinear[" +
              name + "]";
    outputs += " -map [" + name +
               "] -c:v libx264 -threads 1 -preset veryfast -tune zerolatency -crf 24 -maxrate " +
               std::to_string(step.video_bps) + " -bufsize " + std::to_string(step.video_bps * 3 / 4) +
               " -profile:v " + (step.main_profile ? "main" : "baseline") +
               " -bf 0 -g 100000 -force_key_frames 'expr:gte(t,n_forced*2)'" +
               " -x264-params scenecut=0:force-cfr=1 -movflags +frag_keyframe+empty_moov -y " + folder + "/" +
               name + ".mp4";
  }
  const double before = cpu_of_children();
  const std::string said =
      shell("ffmpeg -v error -threads 1 -filter_threads 1 -filter_complex_threads 1 -i " + clip +
            " -filter_complex '" + graph + chains + "'" + outputs +
            " -map 0:a -c:a aac -ac 1 -b:a 32k -aac_coder fast -y " + folder + "/audio.mp4");
  if (!said.empty()) std::fprintf(stderr, "ffmpeg: %s\n", said.c_str());
  return cpu_of_children() - before;
}

}  // namespace

int main() {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("tongke-bench-ladder-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const std::string clip = (folder / "lesson.flv").string();
  const std::string made = shell(
      "ffmpeg -v error -y -f lavfi -i testsrc2=s=1280x720:r=30 -f lavfi -i sine=440:r=48000 -t " +
      std::to_string(kSeconds) +
      " -c:v libx264 -preset superfast -b:v 2000k -maxrate 2000k -bufsize 2000k -bf 0 -g 60 -sc_threshold 0"
      " -c:a aac -b:a 96k " +
      clip);
  if (!made.empty()) {
    std::fprintf(stderr, "ffmpeg: %s\n", made.c_str());
    return 1;
  }
  const auto chunks = flv_chunks(read_file(clip));
  const Run without = run_child(chunks, false);
  const Run ours = run_child(chunks, true);
  const double theirs = run_ffmpeg(clip, folder.string());
  nlohmann::json steps;
  for (const LadderStep& step : kLadder) {
    const std::string name(step.name);
    steps[name] = {
        {"kbps", static_cast<double>(ours.bytes.at(name)) * 8 / 1000 / kSeconds},
        {"ffmpeg_kbps", static_cast<double>(fs::file_size(folder / (name + ".mp4"))) * 8 / 1000 / kSeconds}};
  }
  const nlohmann::json result = {{"bench", "ladder"},
                                 {"media_s", kSeconds},
                                 {"without_cores", without.cpu_s / kSeconds},
                                 {"ladder_cores", ours.cpu_s / kSeconds},
                                 {"ffmpeg_cores", theirs / kSeconds},
                                 {"ratio", ours.cpu_s / theirs},
                                 {"late_pictures", ours.late},
                                 {"steps", steps}};
  std::printf("%s\n", result.dump(2).c_str());
  fs::remove_all(folder);
  return 0;
}
