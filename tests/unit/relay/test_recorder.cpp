#include <algorithm>
#include <cmath>
#include <string>

#include "relay/record/layout.hpp"
#include "relay/record/salvage.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorded_media.hpp"
#include "tests/unit/relay/recorder_bench.hpp"

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;
using test::RecorderBench;

namespace {

const base::WallTime kStarted(1'772'409'600'000ms);

void record_all(LessonRecording& recording, base::MediaTime from, base::MediaTime to) {
  for (const auto& arrival : test::arrivals(test::cut_media())) {
    const auto start = std::chrono::seconds(2) * arrival.part->msn;
    if (start >= from && start < to) test::record(recording, arrival);
  }
}

// Everything that was published between 0 and `to` is in every file, and only that.
void check_files(const Layout& layout, const std::string& lesson, base::MediaTime to) {
  for (const auto& rendition : test::cut_media()) {
    INFO(rendition.id);
    std::vector<std::uint8_t> expected(rendition.init->bytes.view().begin(),
                                       rendition.init->bytes.view().end());
    for (const auto& part : rendition.parts) {
      if (part.msn * 2s >= to) break;
      expected.insert(expected.end(), part.part.bytes.view().begin(), part.part.bytes.view().end());
    }
    const auto path = layout.media(lesson, rendition.id, 0);
    CHECK(test::read_file(path) == expected);
    const auto found = test::probe(path);
    CHECK(found.errors.empty());
    if (rendition.kind == relay::live::TrackKind::video) {
      CHECK(found.packets == std::lround(base::seconds(to) * test::kFrameRate));
    }
  }
}

}  // namespace

TEST_CASE("recorder: what was served is recorded, byte for byte, and opens") {
  const test::TempDir dir;
  RecorderBench bench(dir.path() / "recordings");
  auto recording = bench.recorder->begin("l1", kStarted);
  REQUIRE(recording);
  test::announce(**recording, test::cut_media());
  record_all(**recording, 0s, 10s);
  bench.settle();
  // While it is live:
  const Layout& layout = bench.catalog.layout();
  check_files(layout, "l1", 10s);
  CHECK(bench.catalog.list().at(0).open);
  CHECK(bench.contents("l1").find("src")->segments.size() == 5);
  CHECK(bench.remove("l1").error().kind == base::Errc::conflict);

  (*recording)->gap({10s, 3s});
  record_all(**recording, 10s, 24s);
  bench.end(**recording);
  recording->reset();
  check_files(layout, "l1", 24s);
  CHECK_FALSE(bench.catalog.list().at(0).open);
  CHECK_FALSE(std::filesystem::exists(layout.journal("l1")));

  // As another process finds it:
  Catalog fresh(layout.root());
  const auto recorded = fresh.recorded("l1");
  REQUIRE(recorded);
  CHECK(recorded->ended);
  CHECK(recorded->started == kStarted);
  REQUIRE(recorded->renditions.size() == 4);
  for (const auto& rendition : recorded->renditions) {
    REQUIRE(rendition.segments.size() == 12);
    CHECK(rendition.segments.front().independent);
    CHECK(std::abs((rendition.segments[7].start - 14s).count()) < 200'000);
    CHECK(rendition.inits.at(0)->bytes.size() > 0);
  }
  CHECK(recorded->gaps.at(0).duration == 3s);
  CHECK(bench.notices.empty());
  CHECK(bench.lost.empty());

  REQUIRE(bench.remove("l1"));
  CHECK(bench.catalog.list().empty());
  CHECK_FALSE(std::filesystem::exists(layout.lesson("l1")));
  CHECK(bench.remove("l1").error().kind == base::Errc::not_found);
}

TEST_CASE("recorder: goes on in the same files after a stop, and after an end") {
  const test::TempDir dir;
  const bool end = GENERATE(false, true);
  {
    RecorderBench bench(dir.path());
    auto recording = bench.recorder->begin("l1", kStarted);
    test::announce(**recording, test::cut_media());
    record_all(**recording, 0s, 6s);
    if (end) bench.end(**recording);
  }
  {
    RecorderBench bench(dir.path());
    auto recording =
        GENERATE(false, true) ? bench.recorder->resume("l1") : bench.recorder->begin("l1", kStarted + 1h);
    // A resumed lesson's inits need not be announced again, but may be.
    if (GENERATE(false, true)) test::announce(**recording, test::cut_media());
    record_all(**recording, 6s, 12s);
    bench.end(**recording);
    CHECK(bench.notices.empty());
    CHECK(bench.lost.empty());
  }
  const Layout layout(dir.path());
  check_files(layout, "l1", 12s);
  const auto contents = load_recording(layout, "l1");
  REQUIRE(contents);
  CHECK(contents->started == kStarted);
  CHECK(contents->ended);
  CHECK(contents->losses.empty());
  CHECK(contents->find("audio")->segments.size() == 6);
}

TEST_CASE("recorder: changed parameters go to a file of their own") {
  const test::TempDir dir;
  RecorderBench bench(dir.path());
  auto recording = bench.recorder->begin("l1", kStarted);
  const auto& src = test::cut_media()[0];
  const auto& small = test::cut_media()[1];
  auto second = *small.init;
  second.number = 1;
  (*recording)->init("src", src.kind, src.init);
  for (const auto& cut : src.parts) {
    if (cut.msn < 3) (*recording)->part("src", cut.msn, cut.part, 0, false, cut.ends_segment);
  }
  (*recording)->init("src", src.kind, std::make_shared<const relay::live::RenditionInit>(second));
  for (const auto& cut : small.parts) {
    if (cut.msn >= 3)
      (*recording)->part("src", cut.msn, cut.part, 1, cut.msn == 3 && cut.part.index == 0, cut.ends_segment);
  }
  bench.end(**recording);
  const auto& layout = bench.catalog.layout();
  CHECK(test::probe(layout.media("l1", "src", 0)).packets == 6 * test::kFrameRate);
  CHECK(test::probe(layout.media("l1", "src", 1)).packets == 18 * test::kFrameRate);
  const auto contents = load_recording(layout, "l1");
  REQUIRE(contents);
  const auto* rendition = contents->find("src");
  REQUIRE(rendition);
  CHECK(rendition->inits.size() == 2);
  CHECK(rendition->segments.at(2).info.init == 0);
  CHECK(rendition->segments.at(3).info.init == 1);
  CHECK(rendition->segments.at(3).info.discontinuity);
}

TEST_CASE("recorder: what makes no sense is refused and reported as lost") {
  const test::TempDir dir;
  RecorderBench bench(dir.path());
  CHECK_FALSE(bench.recorder->begin("../l1", kStarted));
  CHECK_FALSE(bench.recorder->resume(""));
  auto recording = bench.recorder->begin("l1", kStarted);
  const auto& src = test::cut_media()[0];
  const auto& first = src.parts[0];
  (*recording)->part("src", 0, first.part, 0, false, false);  // before its init
  (*recording)->init("src", src.kind, src.init);
  (*recording)->part("src", 0, first.part, 5, false, false);  // of another init
  (*recording)->part("src", 3, first.part, 0, false, true);
  (*recording)->part("src", 3, first.part, 0, false, true);  // goes back
  (*recording)->part("src", 2, first.part, 0, false, true);
  auto other = *src.init;
  other.bytes = first.part.bytes;
  (*recording)->init("src", src.kind, std::make_shared<const relay::live::RenditionInit>(other));
  bench.settle();
  CHECK(bench.lost.size() == 4);
  CHECK(bench.contents("l1").find("src")->segments.size() == 1);

  auto twice = bench.recorder->begin("l1", kStarted);
  bench.settle();
  REQUIRE(bench.notices.size() == 1);
  CHECK(bench.notices[0].trouble == Trouble::conflict);
  twice->reset();
  auto missing = bench.recorder->resume("l2");
  bench.settle();
  CHECK(bench.notices.size() == 2);
  missing->reset();
  bench.end(**recording);
  CHECK(bench.contents("l1").ended);
}

TEST_CASE("recorder: a full queue drops up to the next segment and says so") {
  const test::TempDir dir;
  RecorderBench bench(dir.path(), {.disk = {}, .queue_bytes = 30'000});
  auto recording = bench.recorder->begin("l1", kStarted);
  test::announce(**recording, test::cut_media());
  std::size_t sent = 0;
  std::size_t segments = 0;
  // As fast as this thread can, which is faster than a disk.
  for (const auto& arrival : test::arrivals(test::cut_media())) {
    test::record(**recording, arrival);
    ++sent;
    if (arrival.part->part.index == 0) ++segments;
  }
  bench.end(**recording);
  const auto contents = bench.contents("l1");
  std::size_t kept = 0;
  for (const auto& rendition : contents.renditions) kept += rendition.segments.size();
  CHECK(kept + bench.lost.size() == segments);
  if (bench.lost.empty()) {
    WARN("the disk kept up with " << sent << " parts at once: nothing was dropped");
    return;
  }
  REQUIRE_FALSE(bench.notices.empty());
  CHECK(bench.notices[0].trouble == Trouble::overload);
  CHECK_FALSE(bench.notices[0].over);
  for (const auto& loss : contents.losses) CHECK(loss.why == "overload");
  for (const auto& rendition : contents.renditions) {
    CHECK(test::probe(bench.catalog.layout().media("l1", rendition.id, 0)).errors.empty());
  }
  const auto reloaded = load_recording(bench.catalog.layout(), "l1");
  REQUIRE(reloaded);
  CHECK(reloaded->bytes() == contents.bytes());
}

TEST_CASE("recorder: an unreadable recording makes room and is kept") {
  const test::TempDir dir;
  const Layout layout(dir.path());
  std::filesystem::create_directories(layout.lesson("l1"));
  test::write_file(layout.journal("l1"), base::as_bytes("not a journal\n"));
  RecorderBench bench(dir.path());
  auto recording = bench.recorder->begin("l1", kStarted);
  test::announce(**recording, test::cut_media());
  record_all(**recording, 0s, 2s);
  bench.end(**recording);
  check_files(layout, "l1", 2s);
  const auto aside = layout.damaged("l1", kStarted) / "journal.ndjson";
  CHECK(base::as_text(test::read_file(aside)) == "not a journal\n");
  CHECK(bench.catalog.list().size() == 1);
}
