#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/worker_process.hpp"

// The real tongke-pipeline, fed with what ffmpeg makes, through a real socketpair.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

/// A directory for this run's clips; clips are made once.
const std::string& workspace() {
  static const std::string path = [] {
    std::string name = (std::filesystem::temp_directory_path() / "tongke-live-XXXXXX").string();
    return std::string(mkdtemp(name.data()));
  }();
  static struct Cleaner {
    ~Cleaner() {
      std::error_code ignored;
      std::filesystem::remove_all(path_, ignored);
    }
    std::string path_ = path;
  } cleaner;
  return path;
}

/// Makes `name` (.flv or .ts) with ffmpeg unless it exists, and cuts it into chunks.
std::vector<Bytes> clip(const std::string& name, const std::string& arguments) {
  const std::string path = workspace() + "/" + name;
  if (!std::filesystem::exists(path)) REQUIRE(shell("ffmpeg -v error -y " + arguments + " " + path).empty());
  const Bytes file = read_file(path);
  REQUIRE(file.size() > 1000);
  return name.ends_with(".flv") ? flv_chunks(file) : ts_chunks(file);
}

const std::string kPicture = "-f lavfi -i testsrc2=s=320x180:r=25 ";
const std::string kSound = "-f lavfi -i sine=440:r=44100 ";
const std::string kX264 = "-c:v libx264 -preset ultrafast -b:v 300k -g 50 ";
const std::string kAac = "-c:a aac -b:a 64k ";

Heard run_through(const std::vector<Bytes>& chunks, Open open) {
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(open);
  for (const Bytes& chunk : chunks) worker.send(Input{base::SharedBytes(chunk)});
  worker.send(Close{});
  CHECK(worker.read_to_end(20s));
  const auto status = worker.wait(2s);
  REQUIRE(status);
  INFO("status " << *status);
  CHECK(WIFEXITED(*status));
  return worker.heard();
}

/// ffmpeg decodes every rendition to the end and has nothing to say.
void check_decodes(const Heard& heard) {
  for (const auto& [rendition, files] : heard.files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string path = workspace() + "/out-" + rendition + std::to_string(i) + ".mp4";
      write_file(path, files[i]);
      INFO(rendition << " " << i);
      CHECK(shell("ffmpeg -v warning -i " + path + " -f null -") == "");
    }
  }
}

/// What holds for every rendition, whatever the input.
void check_parts(const std::vector<Part>& parts, base::MediaTime longest, base::MediaTime start = 0us) {
  REQUIRE_FALSE(parts.empty());
  base::MediaTime segment_length{0};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    INFO(part.rendition << " msn " << part.msn << " part " << part.index << " start " << part.start.count() << " duration "
                        << part.duration.count());
    CHECK(part.start >= start);
    CHECK(part.duration <= longest);
    if (!part.ends_segment) CHECK(part.duration >= 170ms);
    segment_length += part.duration;
    CHECK(segment_length < 2500ms);
    if (part.ends_segment) segment_length = 0us;
    if (i == 0) continue;
    const Part& before = parts[i - 1];
    CHECK(part.start == before.start + before.duration);
    if (before.ends_segment) {
      CHECK(part.msn == before.msn + 1);
      CHECK(part.index == 0);
    } else {
      CHECK(part.msn == before.msn);
      CHECK(part.index == before.index + 1);
    }
  }
  CHECK(parts.back().ends_segment);
}

base::MediaTime length(const std::vector<Part>& parts) {
  return parts.back().start + parts.back().duration - parts.front().start;
}

}  // namespace

TEST_CASE("live: a lesson by FLV becomes three renditions that line up") {
  const bool b_frames = GENERATE(false, true);
  INFO("b-frames " << b_frames);
  const auto heard = run_through(
      clip(b_frames ? "b.flv" : "plain.flv", kPicture + kSound + kX264 + kAac + (b_frames ? "-bf 2 " : "-bf 0 ") + "-t 7"), {});
  CHECK_FALSE(heard.failure);
  REQUIRE(heard.inits_of("src").size() == 1);
  CHECK(heard.inits_of("src")[0].codecs.starts_with("avc1."));
  CHECK(heard.inits_of("src")[0].width == 320);
  CHECK(heard.inits_of("src")[0].frame_rate == 25);
  REQUIRE(heard.inits_of("audio").size() == 1);
  CHECK(heard.inits_of("audio")[0].codecs == "mp4a.40.2");
  CHECK(heard.inits_of("src-audio").size() == 1);

  const auto video = heard.parts_of("src");
  check_parts(video, 210ms);
  CHECK(video.front().start == 0us);
  CHECK(video.front().independent);
  CHECK(length(video) == 7s);
  for (const char* name : {"audio", "src-audio"}) {
    const auto audio = heard.parts_of(name);
    check_parts(audio, 224ms);
    CHECK(audio.front().start < 50ms);
    CHECK(length(audio) > 6800ms);
    for (const Part& part : audio) {
      if (part.index != 0) continue;
      const auto same = std::find_if(video.begin(), video.end(), [&](const Part& v) { return v.msn == part.msn && v.index == 0; });
      REQUIRE(same != video.end());
      if (part.msn != 0) CHECK(std::chrono::abs(part.start - same->start) <= 12ms);
    }
  }
  check_decodes(heard);
}
