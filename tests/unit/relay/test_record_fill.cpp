#include <filesystem>
#include <optional>

#include "relay/record/archive.hpp"
#include "relay/record/fill_plan.hpp"
#include "relay/record/journal.hpp"
#include "relay/record/salvage.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorder_bench.hpp"

namespace {

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;
using base::Errc;
using base::MediaTime;

Segment segment(std::uint32_t msn, MediaTime start, MediaTime duration = 2s) {
  return {.info = {.msn = msn, .start = start, .duration = duration, .bytes = 1}, .offset = msn};
}

/// Ten seconds, a gap of 10.5 s whose slate had the numbers 5 to 10, and four seconds.
Contents interrupted() {
  Contents contents;
  contents.lesson = "L";
  contents.gaps.push_back({.start = 10s, .duration = 10'500ms});
  for (const char* id : {"src", "audio"}) {
    auto& rendition = contents.renditions.emplace_back();
    rendition.id = id;
    rendition.inits.push_back(std::make_shared<const relay::live::RenditionInit>());
    for (std::uint32_t msn = 0; msn < 5; ++msn) rendition.segments.push_back(segment(msn, 2s * msn));
    for (std::uint32_t msn = 11; msn < 13; ++msn)
      rendition.segments.push_back(segment(msn, 20'500ms + 2s * (msn - 11)));
  }
  return contents;
}

}  // namespace

TEST_CASE("sound goes into the gap that it covers", "[fill]") {
  const auto plan = plan_fill(interrupted(), 3s, 21s);
  REQUIRE(plan);
  CHECK(plan->first_msn == 5);
  CHECK(plan->segments() == 6);
  CHECK(plan->cuts.front() == 10s);
  CHECK(plan->cuts[2] == 13'500ms);
  CHECK(plan->cuts.back() == 20'500ms);
  CHECK(plan->sound_init == 0);
  CHECK(plan->picture_init == 0U);
}

TEST_CASE("sound that has no place is told why", "[fill]") {
  struct Case {
    const char* what;
    MediaTime from;
    MediaTime until;
    void (*change)(Contents&);
    Errc expected;
  };
  const auto nothing = [](Contents&) {};
  const Case cases[] = {
      {"before the gap", 2s, 10s, nothing, Errc::not_found},
      {"after it", 20'450ms, 23s, nothing, Errc::not_found},
      {"what follows is not there yet", 5s, 21s,
       [](Contents& c) {
         for (auto& r : c.renditions) r.segments.resize(5);
       },
       Errc::unavailable},
      {"no numbers are left", 5s, 21s,
       [](Contents& c) {
         for (auto& r : c.renditions)
           for (auto& s : r.segments) s.info.msn -= s.info.msn >= 11 ? 6 : 0;
       },
       Errc::conflict},
      {"no sound is recorded", 5s, 21s, [](Contents& c) { c.renditions.pop_back(); }, Errc::conflict},
      {"it was sent before", 5s, 21s,
       [](Contents& c) {
         Fill fill{.number = 0, .segment = segment(5, 10s)};
         REQUIRE(c.find("audio")->add_fill(fill));
       },
       Errc::not_found},
  };
  for (const auto& each : cases) {
    CAPTURE(each.what);
    Contents contents = interrupted();
    each.change(contents);
    const auto plan = plan_fill(contents, each.from, each.until);
    REQUIRE_FALSE(plan);
    CHECK(plan.error().kind == each.expected);
  }
}

TEST_CASE("of two gaps the one that is covered most, in no shorter pieces than half a second", "[fill]") {
  Contents contents = interrupted();
  contents.gaps.push_back({.start = 21s, .duration = 1s});
  const auto longer = plan_fill(contents, 18s, 23s);
  REQUIRE(longer);
  CHECK(longer->gap.start == 10s);

  Contents brief = interrupted();
  brief.gaps = {{.start = 19'700ms, .duration = 800ms}};
  const auto plan = plan_fill(brief, 5s, 21s);
  REQUIRE(plan);
  CHECK(plan->segments() == 1);
}

TEST_CASE("a fill's place is its own", "[fill]") {
  Contents contents = interrupted();
  Rendition& audio = *contents.find("audio");
  CHECK(audio.add_fill({.number = 0, .segment = segment(7, 14s)}));
  CHECK(audio.add_fill({.number = 0, .segment = segment(5, 10s)}));
  CHECK(audio.fills.front().segment.info.msn == 5);
  CHECK_FALSE(audio.add_fill({.number = 1, .segment = segment(7, 14s)}));
  CHECK_FALSE(audio.add_fill({.number = 1, .segment = segment(4, 8s)}));
  Fill foreign{.number = 1, .segment = segment(8, 16s)};
  foreign.segment.info.init = 3;
  CHECK_FALSE(audio.add_fill(foreign));

  CHECK(contents.filled(contents.gaps.front()) == 4s);
  const auto recorded = contents.recorded();
  const auto& row = recorded.renditions.back().segments;
  REQUIRE(row.size() == 9);
  CHECK(row[5].msn == 5);
  CHECK(row[6].msn == 7);
  CHECK(row[7].msn == 11);
}

TEST_CASE("a fill is in the journal as it was", "[fill]") {
  const FillLine line{.rendition = "audio",
                      .fill = {.number = 2,
                               .segment = {.info = {.msn = 7,
                                                    .init = 1,
                                                    .independent = true,
                                                    .start = 14s,
                                                    .duration = 1'750ms,
                                                    .bytes = 8120,
                                                    .filled = true},
                                           .offset = 612}}};
  std::string text = to_text(line);
  CHECK(text ==
        R"({"d":1750000,"f":2,"key":1,"m":7,"n":1,"o":612,"r":"audio","s":14000000,"t":"fill","z":8120})"
        "\n");
  text.pop_back();
  const auto read = parse_line(text);
  REQUIRE(read);
  CHECK(to_text(*read) == text + "\n");
  const auto& info = std::get<FillLine>(*read).fill.segment.info;
  CHECK(info.filled);
  CHECK(info.independent);
}

TEST_CASE("what is sent in for a gap lies beside the recording and outlives a restart", "[fill]") {
  const test::TempDir dir;
  const auto& media = test::cut_media();
  const std::vector<std::uint8_t> sound(1000, 7);
  const auto fill_of = [&](std::uint32_t msn) {
    return FillWrite{
        .tracks = {
            {.rendition = "audio",
             .file = base::SharedBytes(std::vector(sound)),
             .segments = {{.info = {.msn = msn, .start = 8s, .duration = 2s, .bytes = 400, .filled = true},
                           .offset = 600}}}}};
  };
  {
    test::RecorderBench bench(dir.path());
    auto recording = bench.recorder->begin("L", base::wall_now());
    REQUIRE(recording);
    test::announce(**recording, media);
    for (const auto& arrival : test::arrivals(media)) {
      if (arrival.part->msn != 4) test::record(**recording, arrival);
    }
    (*recording)->gap({.start = 8s, .duration = 2s});
    std::optional<base::Result<void>> filled;
    std::optional<base::Result<void>> again;
    (*recording)->fill(fill_of(4), [&](auto result) { filled = std::move(result); });
    (*recording)->fill(fill_of(4), [&](auto result) { again = std::move(result); });
    REQUIRE(tests::turn_until(bench.loop, 60s, [&] { return again.has_value(); }));
    CHECK(*filled);
    REQUIRE_FALSE(*again);
    CHECK(again->error().kind == Errc::conflict);
    const auto contents = bench.contents("L");
    REQUIRE(contents.find("audio")->fills.size() == 1);
    CHECK(contents.filled(contents.gaps.front()) == 2s);

    ArchiveReader archive(bench.catalog, {});
    std::optional<base::Result<base::SharedBytes>> read;
    archive.read("L", "audio", 4, [&](auto bytes) { bench.loop.post([&, bytes] { read = bytes; }); });
    REQUIRE(tests::turn_until(bench.loop, 60s, [&] { return read.has_value(); }));
    REQUIRE(*read);
    CHECK((*read)->size() == 400);
  }
  // Left open, as by a crash; then ended.
  for (const bool end : {false, true}) {
    test::RecorderBench bench(dir.path());
    CHECK(bench.contents("L").find("audio")->fills.size() == 1);
    if (!end) continue;
    auto recording = bench.recorder->resume("L");
    REQUIRE(recording);
    bench.end(**recording);
  }
  const Layout layout(dir.path());
  const auto ended = load_recording(layout, "L");
  REQUIRE(ended);
  CHECK(ended->ended);
  CHECK(ended->find("audio")->fills.size() == 1);
  // What its file does not hold is no part of the recording.
  std::filesystem::resize_file(layout.fill("L", "audio", 0), 700);
  const auto damaged = load_recording(layout, "L");
  REQUIRE(damaged);
  CHECK(damaged->find("audio")->fills.empty());
  CHECK(damaged->find("audio")->segments.size() == ended->find("audio")->segments.size());
}
