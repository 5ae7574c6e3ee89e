#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "relay/record/salvage.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorder_bench.hpp"

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;

namespace {

// A real file system that is really full; absent where the test may not mount.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& size) {
    mounted_ = mount("none", dir_.path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    if (!mounted_) WARN("skipped: cannot mount a tmpfs: " << std::strerror(errno));
  }
  ~SmallDisk() {
    if (mounted_) umount2(dir_.path().c_str(), MNT_DETACH);
  }
  explicit operator bool() const { return mounted_; }
  [[nodiscard]] std::filesystem::path root() const { return dir_.path() / "recordings"; }

  /// Makes it so that `bytes` are free.
  void leave_free(std::uint64_t bytes) const {
    std::filesystem::remove(ballast());
    struct statvfs info {};
    REQUIRE(statvfs(dir_.path().c_str(), &info) == 0);
    const std::uint64_t free = info.f_bavail * info.f_frsize;
    const std::vector<std::uint8_t> zeros(free > bytes ? free - bytes : 0);
    test::write_file(ballast(), zeros);
  }
  void relieve() const { std::filesystem::remove(ballast()); }

 private:
  [[nodiscard]] std::filesystem::path ballast() const { return dir_.path() / "ballast"; }
  test::TempDir dir_;
  bool mounted_ = false;
};

void record_segment(LessonRecording& recording, std::uint32_t msn) {
  for (const auto& arrival : test::arrivals(test::cut_media())) {
    if (arrival.part->msn == msn) test::record(recording, arrival);
  }
}

bool has(const Contents& contents, const std::string& rendition, std::uint32_t msn) {
  const auto* found = contents.find(rendition);
  return found && std::ranges::any_of(found->segments, [&](const Segment& s) { return s.info.msn == msn; });
}

// What is on disk agrees with itself and plays.
void check_whole(const Layout& layout, const Contents& contents) {
  const auto reloaded = load_recording(layout, contents.lesson);
  REQUIRE(reloaded);
  CHECK(reloaded->bytes() == contents.bytes());
  CHECK(reloaded->losses.size() == contents.losses.size());
  for (const auto& rendition : contents.renditions) {
    INFO(rendition.id);
    const auto path = layout.media(contents.lesson, rendition.id, 0);
    CHECK(std::filesystem::file_size(path) == rendition.file_size(0));
    CHECK(test::probe(path).errors.empty());
  }
}

}  // namespace

TEST_CASE("disk full: recording gives way in order and comes back, live never waits") {
  const SmallDisk disk("16m");
  if (!disk) return;
  test::RecorderBench bench(disk.root(), {.disk = {.min_free = 4'000'000, .retry_after = 1ms}});
  auto recording = bench.recorder->begin("l1", base::WallTime(1s));
  test::announce(**recording, test::cut_media());

  struct Step {
    std::uint64_t free;  // 0: plenty
    Level level;
  };
  const std::vector<Step> steps = {{0, Level::all},
                                   {3'000'000, Level::source},
                                   {1'500'000, Level::source_audio},
                                   {500'000, Level::audio},
                                   {0, Level::all},
                                   {900'000, Level::audio},
                                   {1'100'000, Level::audio},  // not enough more to go up again
                                   {2'200'000, Level::source_audio},
                                   {0, Level::all}};
  for (std::uint32_t msn = 0; msn < steps.size(); ++msn) {
    steps[msn].free == 0 ? disk.relieve() : disk.leave_free(steps[msn].free);
    record_segment(**recording, msn);
    bench.settle();
  }
  bench.end(**recording);
  const auto contents = bench.contents("l1");
  for (std::uint32_t msn = 0; msn < steps.size(); ++msn) {
    INFO("segment " << msn);
    CHECK(has(contents, "audio", msn));
    CHECK(has(contents, "src-audio", msn) == (steps[msn].level >= Level::source_audio));
    CHECK(has(contents, "src", msn) == (steps[msn].level >= Level::source));
    CHECK(has(contents, "480p", msn) == (steps[msn].level >= Level::all));
  }
  std::vector<Level> told;
  for (const auto& notice : bench.notices) {
    CHECK(notice.lesson == "l1");
    CHECK(notice.over == (notice.level == Level::all));
    told.push_back(notice.level);
  }
  CHECK(told == std::vector{Level::source, Level::source_audio, Level::audio, Level::all, Level::audio,
                            Level::source_audio, Level::all});
  CHECK(contents.losses.size() == 6);  // two stretches each for 480p, src and src-audio
  std::size_t missing = 0;
  for (const auto& step : steps)
    missing += static_cast<std::size_t>(Level::all) - static_cast<std::size_t>(step.level);
  CHECK(bench.lost.size() == missing);
  check_whole(bench.catalog.layout(), contents);
}

TEST_CASE("disk full: a write that does not fit harms nothing that is written") {
  const SmallDisk disk("4m");
  if (!disk) return;
  // No warning from free space: every step is taken by a failed write.
  test::RecorderBench bench(disk.root(), {.disk = {.min_free = 0, .retry_after = 1ms}});
  auto recording = bench.recorder->begin("l1", base::WallTime(1s));
  test::announce(**recording, test::cut_media());
  record_segment(**recording, 0);
  bench.settle();
  for (std::uint32_t msn = 1; msn < 8; ++msn) {
    disk.leave_free(msn * 4096);
    record_segment(**recording, msn);
    bench.settle();
  }
  REQUIRE_FALSE(bench.notices.empty());
  CHECK(bench.notices.front().trouble == Trouble::disk_full);
  disk.relieve();
  tests::turn_until(bench.loop, 50ms, [] { return false; });  // longer than any pause after failures here
  for (std::uint32_t msn = 8; msn < 12; ++msn) {
    record_segment(**recording, msn);
    bench.settle();
  }
  bench.end(**recording);
  const auto contents = bench.contents("l1");
  CHECK(bench.notices.back().over);
  CHECK(has(contents, "src", 11));
  CHECK_FALSE(contents.losses.empty());
  check_whole(bench.catalog.layout(), contents);
}

TEST_CASE("disk full: a lesson that cannot even begin is recorded as soon as there is room") {
  const SmallDisk disk("4m");
  if (!disk) return;
  std::filesystem::create_directories(disk.root());
  test::RecorderBench bench(disk.root(), {.disk = {.min_free = 0, .retry_after = 1ms}});
  disk.leave_free(0);
  auto recording = bench.recorder->begin("l1", base::WallTime(1s));
  test::announce(**recording, test::cut_media());
  record_segment(**recording, 0);
  bench.settle();
  REQUIRE(bench.notices.size() == 1);
  CHECK(bench.notices[0].trouble == Trouble::disk_full);
  CHECK(bench.notices[0].level == Level::nothing);
  CHECK(bench.lost.size() == 4);
  disk.relieve();
  std::uint32_t msn = 1;
  const auto deadline = base::Steady::now() + 30s;
  while (bench.notices.size() == 1 && base::Steady::now() < deadline) {
    tests::turn_until(bench.loop, 200ms, [] { return false; });
    record_segment(**recording, std::min(msn++, 11U));
    bench.settle();
  }
  CHECK(bench.notices.back().over);
  bench.end(**recording);
  CHECK(has(bench.contents("l1"), "src", std::min(msn - 1, 11U)));
}
