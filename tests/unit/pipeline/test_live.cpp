#include <sys/wait.h>

#include "tests/support/catch.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/unit/pipeline/clips.hpp"

// The real tongke-pipeline, fed with what ffmpeg makes, through a real socketpair.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

/// ffmpeg decodes every rendition to the end and has nothing to say.
void check_decodes(const Heard& heard) {
  for (const auto& [rendition, files] : heard.files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string path = workspace() + "/out-" + rendition + std::to_string(i) + ".mp4";
      write_file(path, files[i]);
      INFO(rendition << " " << i);
      CHECK(shell("ffmpeg -v warning -i " + path + " -f null -") == "");
    }
  }
}

/// What holds for every rendition, whatever the input.
void check_parts(const std::vector<Part>& parts, base::MediaTime longest, base::MediaTime start = 0us) {
  REQUIRE_FALSE(parts.empty());
  base::MediaTime segment_length{0};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    INFO(part.rendition << " msn " << part.msn << " part " << part.index << " start " << part.start.count()
                        << " duration " << part.duration.count());
    CHECK(part.start >= start);
    CHECK(part.duration <= longest);
    if (!part.ends_segment) CHECK(part.duration >= 170ms);
    segment_length += part.duration;
    CHECK(segment_length < 2500ms);
    if (part.ends_segment) segment_length = 0us;
    if (i == 0) continue;
    const Part& before = parts[i - 1];
    CHECK(part.start == before.start + before.duration);
    if (before.ends_segment) {
      CHECK(part.msn == before.msn + 1);
      CHECK(part.index == 0);
    } else {
      CHECK(part.msn == before.msn);
      CHECK(part.index == before.index + 1);
    }
  }
  CHECK(parts.back().ends_segment);
}

base::MediaTime length(const std::vector<Part>& parts) {
  return parts.back().start + parts.back().duration - parts.front().start;
}

}  // namespace

TEST_CASE("live: a lesson by FLV becomes three renditions that line up") {
  const bool b_frames = GENERATE(false, true);
  INFO("b-frames " << b_frames);
  const auto heard =
      run_through(clip(b_frames ? "b.flv" : "plain.flv",
                       kPicture + kSound + kX264 + kAac + (b_frames ? "-bf 2 " : "-bf 0 ") + "-t 7"),
                  {});
  CHECK_FALSE(heard.failure);
  REQUIRE(heard.inits_of("src").size() == 1);
  CHECK(heard.inits_of("src")[0].codecs.starts_with("avc1."));
  CHECK(heard.inits_of("src")[0].width == 320);
  CHECK(heard.inits_of("src")[0].frame_rate == 25);
  REQUIRE(heard.inits_of("audio").size() == 1);
  CHECK(heard.inits_of("audio")[0].codecs == "mp4a.40.2");
  CHECK(heard.inits_of("src-audio").size() == 1);

  const auto video = heard.parts_of("src");
  check_parts(video, 210ms);
  CHECK(video.front().start == 0us);
  CHECK(video.front().independent);
  CHECK(length(video) == 7s);
  for (const char* name : {"audio", "src-audio"}) {
    const auto audio = heard.parts_of(name);
    check_parts(audio, 224ms);
    CHECK(audio.front().start < 50ms);
    CHECK(length(audio) > 6800ms);
    for (const Part& part : audio) {
      if (part.index != 0) continue;
      const auto same = std::find_if(video.begin(), video.end(),
                                     [&](const Part& v) { return v.msn == part.msn && v.index == 0; });
      REQUIRE(same != video.end());
      if (part.msn != 0) CHECK(std::chrono::abs(part.start - same->start) <= 12ms);
    }
  }
  check_decodes(heard);
}

TEST_CASE("live: segments are cut where the rules say, whatever the keyframe interval") {
  struct Case {
    const char* name;
    const char* input;
    const char* gop;
    std::size_t at_least;  ///< segments in 12 s
    bool all_independent;
  };
  const auto& c = GENERATE(values<Case>({{"gop1s.flv", "r=25", "-g 25", 6, true},
                                         {"gop1.7s.flv", "r=30", "-g 51", 6, true},
                                         {"gop5s.flv", "r=30", "-g 150", 5, false},
                                         {"gop24.flv", "r=24", "-g 48", 6, true},
                                         {"ntsc.flv", "r=30000/1001", "-g 60", 5, true},
                                         {"open.flv", "r=25", "-bf 2 -x264-params open-gop=1 -g 50", 5, true},
                                         {"slow.flv", "r=10", "-g 20", 6, true}}));
  INFO(c.name);
  const auto heard =
      run_through(clip(c.name, std::string("-f lavfi -i testsrc2=s=160x90:") + c.input + " " + kSound +
                                   kX264 + "-sc_threshold 0 " + kAac + c.gop + " -t 12"),
                  {});
  const auto video = heard.parts_of("src");
  check_parts(video, 210ms);
  check_parts(heard.parts_of("audio"), 224ms);
  CHECK(video.back().msn + 1 >= c.at_least);
  CHECK(std::chrono::abs(length(video) - 12s) < 50ms);
  if (c.all_independent) {
    for (const Part& part : video) {
      if (part.index == 0) CHECK(part.independent);
    }
  }
  check_decodes(heard);
}

TEST_CASE("live: transport streams, other codecs and missing tracks") {
  struct Case {
    const char* name;
    std::string arguments;
    InputFormat format;
    std::vector<std::string> renditions;
  };
  const auto c = GENERATE(values<Case>(
      {{"b.ts",
        kPicture + kSound + kX264 + kAac + "-bf 2 -t 6",
        InputFormat::mpegts,
        {"audio", "src", "src-audio"}},
       {"mp2.ts",
        kPicture + kSound + kX264 + "-c:a mp2 -b:a 96k -t 6",
        InputFormat::mpegts,
        {"audio", "src"}},
       {"opus.ts",
        kPicture + "-f lavfi -i sine=440:r=48000 " + kX264 + "-c:a libopus -t 6",
        InputFormat::mpegts,
        {"audio", "src"}},
       {"mp3.flv", kPicture + kSound + kX264 + "-c:a libmp3lame -t 6", InputFormat::flv, {"audio", "src"}},
       {"silent.flv", kPicture + kX264 + "-t 6", InputFormat::flv, {"src"}},
       {"silent.ts", kPicture + kX264 + "-t 6", InputFormat::mpegts, {"src"}},
       {"sound.flv", kSound + kAac + "-t 6", InputFormat::flv, {"audio", "src-audio"}},
       {"sound.ts", kSound + kAac + "-t 6", InputFormat::mpegts, {"audio", "src-audio"}}}));
  INFO(c.name);
  const auto heard = run_through(clip(c.name, c.arguments), {.format = c.format});
  CHECK_FALSE(heard.failure);
  std::vector<std::string> renditions;
  for (const auto& [rendition, files] : heard.files) renditions.push_back(rendition);
  CHECK(renditions == c.renditions);
  for (const auto& rendition : renditions) {
    const auto parts = heard.parts_of(rendition);
    check_parts(parts, rendition == "src" ? 210ms : 224ms);
    CHECK(length(parts) > 5700ms);
    CHECK(length(parts) < 6100ms);
  }
  check_decodes(heard);
}

TEST_CASE("live: a codec nobody can play yet is named") {
  const auto heard = run_through(
      clip("hevc.ts",
           kPicture + kSound + "-c:v libx265 -preset ultrafast -x265-params log-level=none " + kAac + "-t 3"),
      {.format = InputFormat::mpegts});
  REQUIRE(heard.failure);
  CHECK(heard.failure->code == "unsupported_codec");
  CHECK(heard.failure->text == "h265");
}

TEST_CASE("live: a replay from any independent segment gives the same parts again") {
  const bool b_frames = GENERATE(false, true);
  const auto chunks =
      clip(b_frames ? "b12.flv" : "plain12.flv", "-f lavfi -i testsrc2=s=160x90:r=30 " + kSound + kX264 +
                                                     kAac + "-g 45 -t 12 " + (b_frames ? "-bf 3" : "-bf 0"));
  const auto first = run_through(chunks, {}).parts_of("src");
  // FLV headers (script, decoder configurations) and then everything from a keyframe on.
  std::vector<Bytes> headers;
  std::vector<std::size_t> keyframes;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const Bytes& tag = chunks[i];
    const bool media = tag[0] == 8 || tag[0] == 9;
    const bool config = media && tag.size() > 12 && tag[12] == 0;
    if (tag[0] == 9 && tag[12] == 2) continue;  // end of sequence
    if (!media || config) {
      if (keyframes.empty()) headers.push_back(tag);
    } else if (tag[0] == 9 && tag[11] >> 4U == 1) {
      keyframes.push_back(i);
    }
  }
  REQUIRE(keyframes.size() == 8);
  for (const Part& begin : first) {
    if (begin.index != 0 || begin.msn == 0) continue;
    REQUIRE(begin.independent);
    const auto keyframe = keyframes[begin.keyframe];
    std::vector<Bytes> replay = headers;
    replay.insert(replay.end(), chunks.begin() + static_cast<std::ptrdiff_t>(keyframe), chunks.end());
    const auto again = run_through(replay, {.start = begin.start, .first_msn = begin.msn}).parts_of("src");
    std::size_t at = static_cast<std::size_t>(&begin - first.data());
    REQUIRE(again.size() == first.size() - at);
    for (const Part& part : again) {
      const Part& expected = first[at++];
      CHECK(part.msn == expected.msn);
      CHECK(part.index == expected.index);
      CHECK(part.start == expected.start);
      CHECK(part.duration == expected.duration);
      CHECK(part.independent == expected.independent);
      if (part.index == 0) CHECK(part.keyframe == expected.keyframe - begin.keyframe);
    }
  }
}

TEST_CASE("live: new picture size means a new init and a new segment") {
  const auto heard = run_through(growing_clip(), {.format = InputFormat::mpegts});
  const auto inits = heard.inits_of("src");
  REQUIRE(inits.size() == 2);
  CHECK(inits[0].width == 320);
  CHECK(inits[1].width == 640);
  REQUIRE(heard.files.at("src").size() == 2);
  check_parts(heard.parts_of("src"), 224ms);
  CHECK(heard.parts_of("src").front().msn < heard.parts_of("src").back().msn);
  check_decodes(heard);
}

TEST_CASE("live: pass-through only decodes nothing and keeps both renditions") {
  const auto heard = run_through(clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7"),
                                 {.passthrough_only = true});
  const auto source = heard.parts_of("src-audio");
  const auto voice = heard.parts_of("audio");
  REQUIRE(source.size() == voice.size());
  for (std::size_t i = 0; i < source.size(); ++i)
    CHECK(std::ranges::equal(source[i].bytes.view(), voice[i].bytes.view()));
}

TEST_CASE("live: garbage never hangs the child") {
  const auto format = GENERATE(InputFormat::flv, InputFormat::mpegts);
  const auto chunks = format == InputFormat::flv
                          ? clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7")
                          : clip("b.ts", kPicture + kSound + kX264 + kAac + "-bf 2 -t 6");
  const unsigned seed = GENERATE(range(1U, 9U));
  INFO("seed " << seed);
  std::uint32_t state = seed * 2654435761U;
  const auto random = [&] { return state = state * 1664525U + 1013904223U, state >> 8U; };
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{.format = format});
  for (Bytes chunk : chunks) {
    if (seed % 2 == 0 && random() % 4 == 0)
      chunk[random() % chunk.size()] ^= static_cast<std::uint8_t>(random());
    if (seed % 2 == 1) std::ranges::generate(chunk, [&] { return static_cast<std::uint8_t>(random()); });
    worker.send(Input{base::SharedBytes(chunk)});
  }
  worker.send(Close{});
  CHECK(worker.read_to_end(5s));
  CHECK(worker.wait(2s));
}

TEST_CASE("live: ends within a second when told, terminated or left alone") {
  const auto chunks = clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7");
  const std::string how = GENERATE("close", "term", "hang up", "nonsense");
  INFO(how);
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  for (const Bytes& chunk : chunks) worker.send(Input{base::SharedBytes(chunk)});
  REQUIRE(worker.read_until([](const Heard& heard) { return heard.parts.size() > 20; }, 5s * test::kSlower));
  if (how == "close") worker.send(Close{});
  if (how == "term") worker.signal(SIGTERM);
  if (how == "hang up") worker.hang_up();
  if (how == "nonsense") worker.send(Failure{"x", "y"});
  const auto status = worker.wait(1s * test::kSlower);
  REQUIRE(status);
  REQUIRE(WIFEXITED(*status));
  CHECK(WEXITSTATUS(*status) == (how == "nonsense" ? 1 : 0));
}

TEST_CASE("live: killed in mid-lesson, what was said stays whole") {
  const auto chunks = clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7");
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  for (std::size_t i = 0; i < chunks.size() / 2; ++i) worker.send(Input{base::SharedBytes(chunks[i])});
  REQUIRE(worker.read_until([](const Heard& heard) { return heard.parts.size() > 10; }, 5s));
  worker.signal(SIGKILL);
  CHECK(worker.read_to_end(1s));
  check_decodes(worker.heard());
}

TEST_CASE("live: a relay that does not read is not read from, and the child does not grow") {
  const auto chunks = clip("fat.flv", kPicture + "-c:v libx264 -preset ultrafast -qp 0 -g 50 -t 30");
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  REQUIRE(worker.read_until([](const Heard&) { return true; }, 1s * test::kSlower));
  const std::size_t accepted = worker.stuff(chunks, 1s);
  CHECK(accepted < chunks.size());
  CHECK(worker.resident_bytes() < (80U << 20U) * test::kSlower);
}
