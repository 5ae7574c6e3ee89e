#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <future>
#include <iostream>
#include <vector>

#include "relay/webrtc/dtls.hpp"
#include "relay/webrtc/port.hpp"
#include "relay/webrtc/worker.hpp"
#include "tests/unit/relay/webrtc_fixture.hpp"

// What a viewer costs the relay; run by name: unit_webrtc "[.bench]". The viewers are real ones
// on loopback that read nothing after their handshake: only the worker's thread is counted.

using namespace tongke;
using namespace tongke::relay::webrtc;
using base::Steady;
using std::chrono::milliseconds;
using tests::frame_of;
using tests::WebRtcClient;

namespace {

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double cpu_of(Worker& worker) {
  std::promise<double> answer;
  worker.post([&] { answer.set_value(cpu_seconds()); });
  return answer.get_future().get();
}

std::size_t resident_kb() {
  std::ifstream in("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  in >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

}  // namespace

TEST_CASE("what viewers of 1 Mbit/s cost", "[.bench]") {
  constexpr std::size_t kViewers = 200;
  constexpr int kSeconds = 4;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  auto context = DtlsContext::create();
  REQUIRE(context);
  auto created =
      Worker::create({.address = "::", .port = 0, .tcp = false}, *context, [](auto, const auto&) {});
  REQUIRE(created);
  Worker& worker = **created;
  worker.start();
  auto counters = make_counters();

  Program program;
  auto publish = [&](const pipeline::wire::Frame& frame) {
    const auto made = program.add(frame);
    REQUIRE(made);
    worker.post([&worker, made] { worker.frame("L", made); });
  };
  std::vector<std::unique_ptr<WebRtcClient>> viewers;
  const double before = cpu_of(worker);
  const std::size_t memory = resident_kb();
  for (std::size_t i = 0; i < kViewers; ++i) {
    auto viewer = std::make_unique<WebRtcClient>();
    const auto offer = sdp::parse(viewer->offer(false));
    REQUIRE(offer);
    const auto agreement = agree(*offer, Purpose::watch);
    REQUIRE(agreement);
    LocalSide local{.ice = make_ice_credentials(),
                    .fingerprint = (*context)->fingerprint(),
                    .udp = {*Endpoint::parse("127.0.0.1", worker.udp_port())},
                    .tcp = {},
                    .ssrcs = {.audio = 4, .video = 5, .rtx = 6},
                    .session = 1};
    Session::Identity identity{.id = i + 1,
                               .local = local.ice,
                               .remote = {agreement->remote.ufrag, agreement->remote.password},
                               .fingerprint = agreement->remote.fingerprint};
    auto seed = program.seed("L");
    seed.keyframe_wanted = [] {};
    worker.post([&worker, identity, seed, setup = Viewer::Setup{*agreement, local.ssrcs}]() mutable {
      worker.add_viewer(identity, setup, std::move(seed));
    });
    viewer->answer(write_answer(*offer, *agreement, local));
    REQUIRE(viewer->connect());
    viewers.push_back(std::move(viewer));
  }
  const double joined = cpu_of(worker);
  const double packets = counters.packets.Value();
  const auto began = Steady::now();
  // 720p30 at 950 kbit/s in four packets a frame, sound of 40 kbit/s in 50.
  int audio = 0;
  for (int frame = 0; frame < 30 * kSeconds; ++frame) {
    const base::MediaTime pts(frame * 1'000'000LL / 30);
    for (; audio * 20'000 <= pts.count(); ++audio)
      publish(frame_of("opus", false, true, base::MediaTime(audio * 20'000), {100}));
    publish(frame_of("src", true, frame % 60 == 0, pts, {990, 990, 990, 989}));
    const auto next = began + pts;
    viewers[static_cast<std::size_t>(frame) % kViewers]->run_until([&] { return Steady::now() >= next; },
                                                                   milliseconds(1000));
  }
  const double sent = counters.packets.Value() - packets;
  const double spent = cpu_of(worker) - joined;
  std::cout << "{\"viewers\":" << kViewers << ",\"packets\":" << sent
            << ",\"cpu_us_per_packet\":" << spent * 1e6 / sent
            << ",\"join_cpu_ms\":" << (joined - before) * 1e3 / kViewers
            << ",\"kb_per_viewer_and_its_client\":" << static_cast<double>(resident_kb() - memory) / kViewers
            << "}\n";
  worker.stop();
}
