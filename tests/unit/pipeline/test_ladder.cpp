#include <algorithm>
#include <map>

#include "pipeline/wire/ladder.hpp"
#include "pipeline/worker/av/picture_encoder.hpp"
#include "pipeline/worker/ladder/history.hpp"
#include "pipeline/worker/ladder/still_rules.hpp"
#include "pipeline/worker/ladder/thinning.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/clips.hpp"

// The ladder: what there is of it, and what the real child makes of it.

using namespace tongke;
using namespace tongke::pipeline;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

const std::string kLesson = "-f lavfi -i testsrc2=s=854x480:r=30 " + kSound +
                            "-c:v libx264 -preset ultrafast -b:v 900k -g 60 -sc_threshold 0 " + kAac;

std::map<std::uint32_t, base::MediaTime> segment_starts(const std::vector<Part>& parts) {
  std::map<std::uint32_t, base::MediaTime> starts;
  for (const Part& part : parts) {
    if (part.index == 0) starts[part.msn] = part.start;
  }
  return starts;
}

/// What ffprobe says of the video stream of a file.
std::string probe(const std::string& rendition, const Heard& heard, const std::string& entries) {
  const std::string path = workspace() + "/ladder-" + rendition + ".mp4";
  write_file(path, heard.files.at(rendition).back());
  return shell("ffprobe -v warning -of csv=p=0 " + entries + " " + path);
}

/// The most bits a second over any ten seconds, containers included.
double peak_over_ten_seconds(const std::vector<Part>& parts) {
  double peak = 0;
  for (std::size_t from = 0; from < parts.size(); ++from) {
    std::size_t bytes = 0;
    for (std::size_t to = from; to < parts.size(); ++to) {
      bytes += parts[to].bytes.size();
      const double seconds = base::seconds(parts[to].start + parts[to].duration - parts[from].start);
      if (seconds < 10) continue;
      peak = std::max(peak, static_cast<double>(bytes) * 8 / seconds);
      break;
    }
  }
  return peak;
}

/// The step begins where the source does, segment by segment, each with a keyframe.
void check_aligned(const Heard& heard, const std::string& step, std::uint32_t from) {
  const auto parts = heard.parts_of(step);
  const auto starts = segment_starts(parts);
  const auto source = segment_starts(heard.parts_of("src"));
  REQUIRE_FALSE(starts.empty());
  CHECK(starts.begin()->first == from);
  for (const auto& [msn, start] : starts) {
    INFO(step << " msn " << msn);
    REQUIRE(source.contains(msn));
    CHECK(start == source.at(msn));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    CHECK(parts[i].independent == (parts[i].index == 0));
    if (i > 0) CHECK(parts[i].start == parts[i - 1].start + parts[i - 1].duration);
  }
}

base::MediaTime end_of(const Heard& heard, const std::string& rendition) {
  const auto parts = heard.parts_of(rendition);
  return parts.empty() ? base::MediaTime(0) : parts.back().start + parts.back().duration;
}

worker::ladder::Unit unit(int at_ms, bool keyframe, std::size_t bytes = 100) {
  const std::uint32_t msn = static_cast<std::uint32_t>(at_ms) / 2000;
  return {.config = {},
          .segment = {.msn = msn, .start = msn * base::MediaTime(2s), .independent = true},
          .pts = std::chrono::milliseconds(at_ms),
          .keyframe = keyframe,
          .bytes = std::vector<std::uint8_t>(bytes)};
}

}  // namespace

TEST_CASE("ladder: steps keep the picture's shape and are never larger than it") {
  struct Case {
    PictureSize source;
    std::vector<std::string> steps;
    PictureSize smallest;
  };
  const auto c = GENERATE(values<Case>({{{1280, 720}, {"480p", "360p", "240p"}, {426, 240}},
                                        {{1920, 1080}, {"480p", "360p", "240p"}, {426, 240}},
                                        {{640, 360}, {"360p", "240p"}, {426, 240}},
                                        {{640, 480}, {"480p", "360p", "240p"}, {320, 240}},
                                        {{720, 1280}, {"480p", "360p", "240p"}, {240, 426}},
                                        {{320, 180}, {}, {426, 240}}}));
  std::vector<std::string> steps;
  for (const LadderStep& step : kLadder) {
    if (has_step(step, c.source)) steps.emplace_back(step.name);
  }
  CHECK(steps == c.steps);
  CHECK(size_of(*find_step("240p"), c.source) == c.smallest);
  CHECK(find_step("src") == nullptr);
  CHECK(size_of(*find_step("240p"), {0, 0}).height == 240);
}

TEST_CASE("ladder: thinning keeps a steady rhythm that begins with each segment") {
  struct Case {
    double source;
    double rate;
  };
  const auto c =
      GENERATE(values<Case>({{30, 15}, {25, 12.5}, {60, 15}, {50, 12.5}, {24, 12}, {15, 15}, {10, 10}}));
  const LadderStep& step = *find_step("240p");
  CHECK(rate_of(step, c.source) == Approx(c.rate));
  worker::ladder::Thinning thinning(step.frames_per_second);
  std::vector<base::MediaTime> kept;
  for (int i = 0; i < static_cast<int>(c.source) * 4; ++i) {
    const auto at =
        base::MediaTime(static_cast<std::int64_t>(i * 1e6 / c.source) / 1000 * 1000);  // as FLV rounds
    const bool begins = i % static_cast<int>(c.source * 2) == 0;
    if (!thinning.takes(at, begins)) continue;
    thinning.took(at, begins);
    kept.push_back(at);
  }
  CHECK(static_cast<double>(kept.size()) == Approx(4 * c.rate).margin(1));
  CHECK(std::abs(base::seconds(thinning.interval()) - 1 / c.rate) < 0.002);
  CHECK(rate_of(step, 0) == 0);
}

TEST_CASE("ladder: history holds whole groups of a few seconds, and none that is too large") {
  worker::ladder::History history;
  history.add(std::make_shared<worker::ladder::Unit>(unit(40, false)));
  CHECK(history.units().empty());
  for (int at = 0; at < 20'000; at += 40)
    history.add(std::make_shared<worker::ladder::Unit>(unit(at, at % 2000 == 0)));
  CHECK(history.units().front()->pts == 12s);
  CHECK(history.units().front()->keyframe);
  CHECK(history.units().back()->pts == 19'960ms);
  history.add(std::make_shared<worker::ladder::Unit>(unit(20'000, true, worker::ladder::History::kMaxBytes)));
  CHECK(history.units().empty() == false);
  history.add(std::make_shared<worker::ladder::Unit>(unit(20'040, false, 4096)));
  CHECK(history.units().empty());
}

TEST_CASE("ladder: an avcC record needs both parameter sets") {
  const std::vector<std::uint8_t> sps = {0, 0, 0, 4, 0x67, 0x42, 0xc0, 0x1e};
  std::vector<std::uint8_t> both = sps;
  both.insert(both.end(), {0, 0, 0, 2, 0x68, 0xce});
  CHECK(worker::av::avc_record(sps).empty());
  CHECK(worker::av::avc_record({}).empty());
  CHECK(worker::av::avc_record(std::vector<std::uint8_t>{0, 0, 0, 9, 0x67}).empty());
  CHECK(worker::av::avc_record(both) == std::vector<std::uint8_t>{1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 4, 0x67,
                                                                  0x42, 0xc0, 0x1e, 1, 0, 2, 0x68, 0xce});
}

TEST_CASE("ladder: every step lines up with the source and keeps within what it declares") {
  const bool b_frames = GENERATE(false, true);
  INFO("b-frames " << b_frames);
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  for (const LadderStep& step : kLadder) worker.send(Want{std::string(step.name), true});
  worker.send(Want{"src", true});
  worker.send(Want{"nobody", true});
  const auto chunks =
      clip(b_frames ? "ladder-b.flv" : "ladder.flv", kLesson + (b_frames ? "-bf 2 -t 8" : "-bf 0 -t 13"));
  const auto length = b_frames ? 8s : 13s;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    worker.send(Input{base::SharedBytes(chunks[i])});
    if (i % 8 != 0) continue;
    // No further ahead than a busy machine may be without passing anything over.
    const base::MediaTime due = length * i / chunks.size() - 1500ms;
    REQUIRE(worker.read_until([due](const Heard& heard) { return due < 0s || end_of(heard, "240p") >= due; },
                              60s));
  }
  worker.send(Close{});
  REQUIRE(worker.read_to_end(60s));
  const Heard& heard = worker.heard();
  CHECK_FALSE(heard.failure);
  const double audio = peak_over_ten_seconds(heard.parts_of("audio"));
  for (const LadderStep& step : kLadder) {
    const std::string name(step.name);
    INFO(name);
    const auto inits = heard.inits_of(name);
    REQUIRE(inits.size() == 1);
    CHECK(inits[0].codecs == step.codecs);
    CHECK(inits[0].height == step.side);
    CHECK(inits[0].width == size_of(step, {854, 480}).width);
    CHECK(inits[0].frame_rate == step.frames_per_second);
    check_aligned(heard, name, 0);
    const auto parts = heard.parts_of(name);
    CHECK(parts.back().ends_segment);
    CHECK(parts.back().start + parts.back().duration >= (b_frames ? 7900ms : 12900ms));
    for (const Part& part : parts) CHECK(part.duration <= 210ms);
    CHECK(peak_over_ten_seconds(parts) + audio <= step.declared_bps);
    const std::string stream =
        probe(name, heard, "-select_streams v -show_entries stream=profile,has_b_frames");
    CHECK(stream == (step.main_profile ? "Main,0\n" : "Constrained Baseline,0\n"));
    CHECK(shell("ffmpeg -v warning -i " + workspace() + "/ladder-" + name + ".mp4 -f null -") == "");
  }
}

TEST_CASE("ladder: a step that is asked for late begins a little back, and goes when nobody wants it") {
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  const auto chunks = clip("ladder.flv", kLesson + "-bf 0 -t 13");
  const std::size_t middle = chunks.size() * 15 / 26;
  for (std::size_t i = 0; i < middle; ++i) worker.send(Input{base::SharedBytes(chunks[i])});
  const auto newest = [](const Heard& heard, const std::string& rendition) {
    const auto parts = heard.parts_of(rendition);
    return parts.empty() ? 0U : parts.back().msn;
  };
  REQUIRE(worker.read_until([&](const Heard& heard) { return newest(heard, "src") >= 3; }, 20s));
  CHECK(worker.heard().parts_of("240p").empty());

  worker.send(Want{"240p", true});
  REQUIRE(worker.read_until([&](const Heard& heard) { return newest(heard, "240p") >= 3; }, 20s));
  check_aligned(worker.heard(), "240p", 0);

  worker.send(Want{"240p", false});
  REQUIRE(
      worker.read_until([](const Heard& heard) { return heard.parts_of("240p").back().ends_segment; }, 20s));
  const auto before = worker.heard().parts_of("240p").size();
  for (std::size_t i = middle; i < chunks.size(); ++i) worker.send(Input{base::SharedBytes(chunks[i])});
  worker.send(Close{});
  REQUIRE(worker.read_to_end(20s));
  CHECK(worker.heard().parts_of("240p").size() == before);
  CHECK(newest(worker.heard(), "src") == 6);
}

TEST_CASE("ladder: nothing is made of a source that is smaller, nor by a child that may not decode") {
  const bool small = GENERATE(false, true);
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{.passthrough_only = !small});
  for (const LadderStep& step : kLadder) worker.send(Want{std::string(step.name), true});
  const auto chunks = small ? clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7")
                            : clip("ladder-b.flv", kLesson + "-bf 2 -t 8");
  for (const Bytes& chunk : chunks) worker.send(Input{base::SharedBytes(chunk)});
  worker.send(Close{});
  REQUIRE(worker.read_to_end(30s));
  CHECK_FALSE(worker.heard().parts_of("src").empty());
  for (const LadderStep& step : kLadder) CHECK(worker.heard().inits_of(std::string(step.name)).empty());
}

TEST_CASE("ladder: a source that grows keeps its steps, and rare keyframes make no rare segments") {
  WorkerProcess worker(TONGKE_PIPELINE);
  const bool rare = GENERATE(false, true);
  worker.send(Open{.format = InputFormat::mpegts});
  worker.send(Want{"240p", true});
  worker.send(Want{"360p", true});
  std::vector<Bytes> chunks;
  if (rare) {
    chunks =
        clip("rare.ts", "-f lavfi -i testsrc2=s=640x360:r=25 " + kSound + kX264 + kAac + "-g 250 -bf 2 -t 8");
  } else {
    chunks = clip("small-ladder.ts", "-f lavfi -i testsrc2=s=640x360:r=25 " + kSound + kX264 + kAac + "-t 4");
    const auto more = clip("large-ladder.ts", "-f lavfi -i testsrc2=s=960x540:r=25 " + kSound + kX264 + kAac +
                                                  "-t 4 -output_ts_offset 4");
    chunks.insert(chunks.end(), more.begin(), more.end());
  }
  for (const Bytes& chunk : chunks) worker.send(Input{base::SharedBytes(chunk)});
  worker.send(Close{});
  REQUIRE(worker.read_to_end(30s));
  const Heard& heard = worker.heard();
  CHECK(heard.inits_of("src").size() == (rare ? 1 : 2));
  for (const std::string step : {"360p", "240p"}) {
    INFO(step);
    CHECK(heard.inits_of(step).size() == 1);
    const auto starts = segment_starts(heard.parts_of(step));
    CHECK(starts.size() >= 4);
    for (const Part& part : heard.parts_of(step)) {
      if (part.index == 0) CHECK(part.independent);
    }
    CHECK(probe(step, heard, "-count_frames -show_entries stream=index") == "0\n");
  }
}

TEST_CASE(
    "stills: one when the picture has changed and stands, and no more than the weakest line has room for") {
  using worker::ladder::StillRules;
  StillRules rules;
  base::MediaTime now{0};
  const auto page = [](std::uint8_t what) { return StillRules::Thumbnail(100, what); };
  const auto look = [&](const StillRules::Thumbnail& seen) {
    now += StillRules::kLookEvery;
    CHECK(rules.should_look(now));
    const bool due = rules.look(now, seen);
    if (due) rules.made(20'000);
    return due;
  };
  CHECK(look(page(10)));  // the first at once
  CHECK_FALSE(rules.should_look(now + 100ms));
  CHECK_FALSE(look(page(10)));
  CHECK_FALSE(look(page(15)));   // noise
  CHECK_FALSE(look(page(100)));  // being turned
  CHECK(look(page(100)));        // turned
  auto written = page(100);
  written[3] = written[4] = 0;
  CHECK_FALSE(look(written));
  CHECK_FALSE(look(written));  // a speck
  written[5] = 0;
  CHECK(look(written));  // a word, written letter by letter
  // What never stands is shown every few seconds, until the room is used up.
  int made = 0;
  for (int i = 0; i < 240; ++i) made += look(page(static_cast<std::uint8_t>(i * 40))) ? 1 : 0;  // two minutes
  CHECK(made >= 15);
  CHECK(made * 20'000 <= StillRules::kMostSaved + 125 * StillRules::kBytesPerSecond);
}

TEST_CASE("stills: a page of text is turned into a still of it in which the text is as it was") {
  const std::string text = "fontcolor=black:x=40:line_spacing=18:fontsize=30";
  const std::string first =
      "drawtext=text='Lesson one  3 x 7 = 21  a+b=c  The swallow builds its nest':y=100:" + text +
      ":enable='lt(t,5)'";
  const std::string second =
      "drawtext=text='Lesson two  5 x 8 = 40  x-y=z  Water rises as it is warmed':y=400:" + text +
      ":enable='gte(t,5)'";
  const auto chunks = clip("slides.flv", "-f lavfi -i color=c=white:s=1280x720:r=10,noise=alls=2:allf=t,\"" +
                                             first + "," + second + "\" " + kSound +
                                             "-c:v libx264 -preset ultrafast -crf 22 -g 20 -sc_threshold 0 " +
                                             kAac + "-bf 0 -t 12");
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  worker.send(Want{"stills", true});
  for (const Bytes& chunk : chunks) worker.send(Input{base::SharedBytes(chunk)});
  worker.send(Close{});
  REQUIRE(worker.read_to_end(30s));
  const auto& stills = worker.heard().stills;
  REQUIRE(stills.size() == 2);
  CHECK(stills[0].pts < 1s);
  CHECK(stills[1].pts >= 5s);
  CHECK(stills[1].pts <= 6s);
  for (const Still& still : stills) {
    CHECK(still.webp.size() < 60'000);
    const std::string file = workspace() + "/still.webp";
    write_file(file, {still.webp.view().begin(), still.webp.view().end()});
    const std::string at = std::to_string(base::seconds(still.pts) + 0.01);
    const std::string said =
        shell("ffmpeg -v info -ss " + at + " -i " + workspace() + "/slides.flv -i " + file +
              " -frames:v 1 -filter_complex ssim -f null - 2>&1 | grep -o 'All:[0-9.]*'");
    INFO(said);
    REQUIRE(said.size() > 4);
    CHECK(std::stod(said.substr(4)) > 0.97);
  }
  CHECK(worker.heard().parts_of("240p").empty());
}
