// Records real media faster than life until it is killed; says what it has handed over.
//   record_victim ROOT LESSON MEDIA_FOLDER FROM_MS FIRST_MSN SPEED
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/glib/main_loop.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/recorder.hpp"
#include "tests/unit/relay/recorded_media.hpp"

using namespace tongke;
using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  const base::MediaTime from = std::chrono::milliseconds(std::atol(argv[4]));
  const auto first_msn = static_cast<std::uint32_t>(std::atol(argv[5]));
  const long speed = std::atol(argv[6]);
  const auto& media = test::cut_media(argv[3]);
  base::glib::MainLoop control;
  relay::record::Catalog catalog(argv[1]);
  relay::record::Recorder recorder(catalog, {}, control, {});
  auto recording = recorder.begin(argv[2], base::wall_now());
  if (!recording) return 1;
  test::announce(**recording, media);
  const auto begin = base::Steady::now();
  for (const auto& arrival : test::arrivals(media)) {
    const auto end = arrival.part->part.start + arrival.part->part.duration;
    if (arrival.part->msn < first_msn) continue;
    std::this_thread::sleep_until(begin + (end - from) / speed);  // the pace of a camera, not a wait
    test::record(**recording, arrival);
    std::printf("%s %lld\n", arrival.rendition->id.c_str(), static_cast<long long>(end.count()));
    std::fflush(stdout);
  }
  pause();  // until killed
}
