#include <optional>

#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/camera.hpp"
#include "tests/unit/pipeline/worker_process.hpp"

// The real child pulling from gst-rtsp-server.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

const std::string kVideo =
    "( videotestsrc is-live=true ! video/x-raw,width=160,height=90,framerate=25/1 ! x264enc tune=zerolatency "
    "speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96 ";
const std::string kAlaw =
    "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8 )";

}  // namespace

TEST_CASE("rtsp: a camera's picture passes through and its telephone sound becomes AAC") {
  Camera camera(kVideo + kAlaw);
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{.format = InputFormat::rtsp_url, .url = camera.url()});
  REQUIRE(worker.read_until(
      [](const Heard& heard) {
        return heard.parts_of("src").size() > 12 && heard.parts_of("audio").size() > 12;
      },
      15s));
  CHECK(worker.heard().inits_of("src")[0].width == 160);
  CHECK(worker.heard().tracks.size() == 2);
  worker.send(Close{});
  CHECK(worker.read_to_end(3s));
  CHECK(worker.wait(1s));
}

TEST_CASE("rtsp: a camera that comes back goes on in the same lesson") {
  std::optional<Camera> camera;
  camera.emplace(kVideo + ")");
  const int port = camera->port();
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{.format = InputFormat::rtsp_url, .url = camera->url()});
  REQUIRE(worker.read_until([](const Heard& heard) { return heard.parts.size() > 5; }, 15s));
  camera.reset();
  REQUIRE(worker.read_until([](const Heard& heard) { return heard.stats && heard.stats->input_errors > 0; },
                            12s));
  const std::size_t before = worker.heard().parts.size();
  camera.emplace(kVideo + ")", port);
  REQUIRE(worker.read_until([&](const Heard& heard) { return heard.parts.size() > before + 10; }, 20s));
  const auto& parts = worker.heard().parts;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    CHECK(parts[i].start >= parts[i - 1].start + parts[i - 1].duration);
    CHECK(parts[i].msn >= parts[i - 1].msn);
  }
}
