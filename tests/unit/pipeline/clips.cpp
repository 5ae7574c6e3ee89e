#include "tests/unit/pipeline/clips.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/catch.hpp"

namespace tongke::tests {

using namespace std::chrono_literals;
using namespace pipeline::wire;

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

std::vector<Bytes> clip(const std::string& name, const std::string& arguments) {
  const std::string path = workspace() + "/" + name;
  if (!std::filesystem::exists(path)) REQUIRE(shell("ffmpeg -v error -y " + arguments + " " + path).empty());
  const Bytes file = read_file(path);
  REQUIRE(file.size() > 1000);
  return name.ends_with(".flv") ? flv_chunks(file) : ts_chunks(file);
}

std::vector<Bytes> growing_clip() {
  const std::string large = "-f lavfi -i testsrc2=s=640x360:r=25 ";
  std::vector<Bytes> chunks = clip("small.ts", kPicture + kSound + kX264 + kAac + "-t 3");
  const auto more = clip("large.ts", large + kSound + kX264 + kAac + "-t 3 -output_ts_offset 3");
  chunks.insert(chunks.end(), more.begin(), more.end());
  return chunks;
}

Heard run_through(const std::vector<Bytes>& chunks, const Open& open) {
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

}  // namespace tongke::tests
