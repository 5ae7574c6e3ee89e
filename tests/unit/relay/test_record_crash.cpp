#include <map>
#include <random>
#include <sstream>

#include "relay/record/catalog.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/victim.hpp"
#include "tests/unit/relay/recorded_media.hpp"

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;

namespace {

constexpr int kKills = 50;
constexpr int kSpeed = 20;  // times life: a second of media is 50 ms here

using EndByRendition = std::map<std::string, base::MediaTime>;

// Lets the victim record for `life`, then kills it; what it had handed over by then.
EndByRendition record_and_kill(const std::vector<std::string>& arguments, std::chrono::microseconds life) {
  std::vector<std::string> argv = {RECORD_VICTIM};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  std::istringstream lines(test::printed_until_killed(std::move(argv), life));
  EndByRendition handed;
  std::string rendition;
  long end = 0;
  while (lines >> rendition >> end) handed[rendition] = base::MediaTime(end);
  return handed;
}

}  // namespace

TEST_CASE("crash: killed at 50 random moments, the recording opens, lost at most a second and goes on") {
  const test::TempDir dir;
  const test::TempDir media;
  test::cut_media(media.path());
  std::minstd_rand random(20260302);
  std::uniform_int_distribution<int> life_ms(1, 450);
  std::chrono::microseconds worst{0};
  std::uint64_t whole_lessons = 0;
  int lesson = 0;
  base::MediaTime from{0};
  std::uint32_t first_msn = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const std::string id = "lesson-" + std::to_string(lesson);
    INFO("kill " << kill << ", " << id << " from " << from.count() << " us");
    const auto handed =
        record_and_kill({dir.path().string(), id, media.path().string(), std::to_string(from.count() / 1000),
                         std::to_string(first_msn), std::to_string(kSpeed)},
                        std::chrono::milliseconds(life_ms(random)));

    // What the next start of the server does:
    Catalog catalog(dir.path());
    const auto recorded = catalog.recorded(id);
    if (!recorded) {
      // Killed before there was anything of the lesson on the disk.
      REQUIRE(first_msn == 0);
      for (const auto& [rendition, told] : handed) CHECK(told <= 1s * test::kSlower);
      continue;
    }
    CHECK_FALSE(recorded->ended);
    base::MediaTime end{0};
    std::uint32_t next_msn = first_msn;
    for (const auto& rendition : recorded->renditions) {
      INFO(rendition.id);
      const auto found = test::probe(catalog.layout().media(id, rendition.id, 0));
      if (rendition.segments.empty()) {
        // Begun, and killed before its first part.
        CHECK(found.packets == 0);
        continue;
      }
      CHECK(found.errors.empty());
      base::MediaTime sum{0};
      for (const auto& segment : rendition.segments) {
        sum += segment.duration;
        next_msn = std::max(next_msn, segment.msn + 1);
      }
      if (rendition.kind == relay::live::TrackKind::video) {
        CHECK(found.packets == std::lround(base::seconds(sum) * test::kFrameRate));
      }
      const auto& last = rendition.segments.back();
      end = std::max(end, last.start + last.duration);
    }
    for (const auto& [rendition, told] : handed) {
      base::MediaTime kept = from;
      for (const auto& r : recorded->renditions) {
        if (r.id == rendition && !r.segments.empty())
          kept = r.segments.back().start + r.segments.back().duration;
      }
      worst = std::max(worst, std::chrono::microseconds(told - kept));
      CHECK(told - kept <= 1s * test::kSlower);
    }
    // Goes on in the same recording, until the media is used up.
    from = next_msn * base::MediaTime(2s);
    first_msn = next_msn;
    if (from >= std::chrono::seconds(test::kMediaSeconds - 4)) {
      ++lesson;
      ++whole_lessons;
      from = base::MediaTime(0);
      first_msn = 0;
    }
  }
  CHECK(whole_lessons >= 2);
  WARN(kKills << " kills over " << lesson + 1 << " lessons; most media lost: " << worst.count() / 1000
              << " ms");
}
