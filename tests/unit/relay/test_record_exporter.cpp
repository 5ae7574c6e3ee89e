#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <optional>

#include "relay/record/archive.hpp"
#include "relay/record/exporter.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorder_bench.hpp"

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;

namespace {

using Outcome = base::Result<std::filesystem::path>;

// Runs under the exporter as tongke-pipeline does: the same arguments, real media through
// ffmpeg; and it counts its runs. Options make it misbehave.
class Remuxer {
 public:
  explicit Remuxer(const std::string& before = {}, const std::string& after = {}) {
    std::ofstream script(path());
    script << "#!/bin/sh\n"
           << "echo run >> " << runs().string() << "\n"
           << before << "\n"
           << "[ \"$1\" = export ] && [ \"$2\" = --out ] || exit 64\n"
           << "out=$3; shift 3; in=; map=; n=0\n"
           << "while [ \"$1\" = --track ]; do in=\"$in -i $2\"; map=\"$map -map $n\"; n=$((n+1)); shift 2; "
              "done\n"
           << "echo '{\"progress\":0.25}'\n"
           << "ffmpeg -v error -nostdin -y $in $map -c copy -movflags +faststart \"$out\" || exit 1\n"
           << "echo 'not json'; echo '{\"progress\":1.0}'\n"
           << after << "\n";
    script.close();
    chmod(path().c_str(), 0755);
  }
  [[nodiscard]] std::filesystem::path path() const { return dir_.path() / "pipeline"; }
  [[nodiscard]] std::size_t run_count() const { return test::read_file(runs()).size() / 4; }

 private:
  [[nodiscard]] std::filesystem::path runs() const { return dir_.path() / "runs"; }
  test::TempDir dir_;
};

struct Fixture {
  Fixture() {
    auto begun = bench.recorder->begin("l1", base::WallTime(1s));
    REQUIRE(begun);
    recording = std::move(*begun);
    test::announce(*recording, test::cut_media());
    record(0, 5);
  }
  void record(std::uint32_t from, std::uint32_t to) {
    for (const auto& arrival : test::arrivals(test::cut_media())) {
      if (arrival.part->msn >= from && arrival.part->msn < to) test::record(*recording, arrival);
    }
    bench.settle();
  }
  Outcome ask(Exporter& exporter, const std::string& lesson, ExportKind kind) {
    std::optional<Outcome> outcome;
    exporter.request(lesson, kind, [&](Outcome result) { outcome = std::move(result); });
    CHECK_FALSE(outcome);  // never before request() returns
    REQUIRE(tests::turn_until(bench.loop, 60s, [&] { return outcome.has_value(); }));
    return *outcome;
  }
  Exporter::Options options(const Remuxer& remuxer) { return {.pipeline = remuxer.path().string()}; }

  test::TempDir dir;
  test::RecorderBench bench{dir.path()};
  ArchiveReader archive{bench.catalog, {}};
  std::unique_ptr<LessonRecording> recording;
};

double duration_of(const std::filesystem::path& file) {
  return std::strtod(
      test::output_of("ffprobe -v error -show_entries format=duration -of csv=p=0 '" + file.string() + "'")
          .c_str(),
      nullptr);
}

}  // namespace

TEST_CASE("exporter: downloads are made once, kept, and made again when the recording has grown") {
  Fixture f;
  const Remuxer remuxer;
  Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, f.options(remuxer));
  // While the lesson is live:
  auto live = f.ask(exporter, "l1", ExportKind::mp4);
  REQUIRE(live);
  CHECK(live->filename() == "recording.mp4");
  CHECK(duration_of(*live) == Approx(10).margin(0.1));
  CHECK(test::probe(*live).errors.empty());
  CHECK(f.ask(exporter, "l1", ExportKind::mp4));
  CHECK(remuxer.run_count() == 1);

  f.record(5, 12);
  f.bench.end(*f.recording);
  auto whole = f.ask(exporter, "l1", ExportKind::mp4);
  REQUIRE(whole);
  CHECK(duration_of(*whole) == Approx(24).margin(0.1));
  CHECK(remuxer.run_count() == 2);
  auto audio = f.ask(exporter, "l1", ExportKind::m4a);
  REQUIRE(audio);
  CHECK(audio->extension() == ".m4a");
  CHECK(duration_of(*audio) == Approx(24).margin(0.1));

  // Another exporter, as after a restart, finds what there is.
  Exporter second(f.bench.loop, f.bench.catalog, f.archive, f.options(remuxer));
  CHECK(f.ask(second, "l1", ExportKind::mp4));
  CHECK(remuxer.run_count() == 3);
  CHECK_FALSE(exporter.progress("l1", ExportKind::mp4));
}

TEST_CASE("exporter: many askers share one export; progress can be read; others wait their turn") {
  Fixture f;
  const Remuxer remuxer;
  Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, f.options(remuxer));
  int done = 0;
  double seen = 0;
  for (int i = 0; i < 5; ++i) {
    exporter.request("l1", ExportKind::mp4, [&](const Outcome& result) { done += result ? 1 : 0; });
  }
  exporter.request("l1", ExportKind::m4a, [&](const Outcome& result) { done += result ? 1 : 0; });
  CHECK(exporter.progress("l1", ExportKind::m4a) == 0.0);
  REQUIRE(tests::turn_until(f.bench.loop, 60s, [&] {
    seen = std::max(seen, exporter.progress("l1", ExportKind::mp4).value_or(0));
    return done == 6;
  }));
  CHECK(seen >= 0.25);
  CHECK(remuxer.run_count() == 2);
}

TEST_CASE("exporter: what can go wrong") {
  Fixture f;
  SECTION("no recording, or nothing in it") {
    const Remuxer remuxer;
    Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, f.options(remuxer));
    CHECK(f.ask(exporter, "l9", ExportKind::mp4).error().kind == base::Errc::not_found);
    auto empty = f.bench.recorder->begin("l2", base::WallTime(1s));
    f.bench.settle();
    CHECK(f.ask(exporter, "l2", ExportKind::m4a).error().kind == base::Errc::not_found);
    empty->reset();
  }
  SECTION("the child fails: nothing half made is left") {
    const Remuxer remuxer("", "exit 3");
    Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, f.options(remuxer));
    const auto result = f.ask(exporter, "l1", ExportKind::mp4);
    CHECK(result.error().kind == base::Errc::internal);
    CHECK(std::filesystem::is_empty(f.bench.catalog.layout().exports("l1")));
    CHECK(f.ask(exporter, "l1", ExportKind::mp4).error().kind == base::Errc::internal);  // tried again
    CHECK(remuxer.run_count() == 2);
  }
  SECTION("the child dawdles") {
    const Remuxer remuxer("exec sleep 60");
    auto options = f.options(remuxer);
    options.deadline = 200ms;
    Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, options);
    CHECK(f.ask(exporter, "l1", ExportKind::mp4).error().kind == base::Errc::timeout);
  }
  SECTION("there is no child") {
    Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, {.pipeline = "/nonexistent/pipeline"});
    CHECK(f.ask(exporter, "l1", ExportKind::mp4).error().kind == base::Errc::unavailable);
  }
  SECTION("no space to spare") {
    const Remuxer remuxer;
    auto options = f.options(remuxer);
    options.min_free = UINT64_C(1) << 60;
    Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, options);
    CHECK(f.ask(exporter, "l1", ExportKind::mp4).error().kind == base::Errc::overload);
    CHECK(remuxer.run_count() == 0);
  }
  SECTION("too many wait") {
    const Remuxer remuxer;
    auto options = f.options(remuxer);
    options.waiting = 1;
    Exporter exporter(f.bench.loop, f.bench.catalog, f.archive, options);
    bool first = false;
    exporter.request("l1", ExportKind::mp4, [&](const Outcome&) { first = true; });
    CHECK(f.ask(exporter, "l1", ExportKind::m4a).error().kind == base::Errc::overload);
    CHECK(tests::turn_until(f.bench.loop, 60s, [&] { return first; }));
  }
  SECTION("the exporter goes while a child runs") {
    const Remuxer remuxer("exec sleep 60");
    auto exporter = std::make_unique<Exporter>(f.bench.loop, f.bench.catalog, f.archive, f.options(remuxer));
    bool called = false;
    exporter->request("l1", ExportKind::mp4, [&](const Outcome&) { called = true; });
    exporter->request("l1", ExportKind::m4a, [&](const Outcome&) { called = true; });
    REQUIRE(tests::turn_until(f.bench.loop, 60s, [&] { return remuxer.run_count() == 1; }));
    exporter.reset();
    tests::turn_until(f.bench.loop, 50ms, [] { return false; });
    CHECK_FALSE(called);
  }
}
