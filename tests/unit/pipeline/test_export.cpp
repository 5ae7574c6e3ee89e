#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "pipeline/worker/remux/fragment_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/clips.hpp"

// The real child's parts, as a recorder appends them, through the real exporter.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct Outcome {
  int code = 0;
  std::string said;
};

Outcome run_export(const std::string& arguments) {
  std::string said = shell(std::string(TONGKE_PIPELINE) + " export " + arguments + "; echo code=$?");
  const std::size_t at = said.rfind("code=");
  return {std::stoi(said.substr(at + 5)), said.substr(0, at)};
}

json probe(const std::string& path) {
  return json::parse(shell("ffprobe -v error -show_format -show_streams -count_packets -of json " + path));
}

std::string save(const std::string& name, const Bytes& bytes) {
  const std::string path = workspace() + "/" + name;
  write_file(path, bytes);
  return path;
}

double number(const json& value) { return std::stod(value.get<std::string>()); }

}  // namespace

TEST_CASE("export: picture and sound keep their times, with and without b-frames") {
  const bool b_frames = GENERATE(false, true);
  const auto heard =
      run_through(clip(b_frames ? "b.flv" : "plain.flv",
                       kPicture + kSound + kX264 + kAac + (b_frames ? "-bf 2 " : "-bf 0 ") + "-t 7"),
                  {.start = 100s, .first_msn = 50});
  const std::string video = save("video.mp4", heard.files.at("src")[0]);
  const std::string audio = save("audio.mp4", heard.files.at("audio")[0]);
  const std::string out = workspace() + "/whole.mp4";
  const auto outcome = run_export("--out " + out + " --track " + video + " --track " + audio);
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  CHECK(outcome.said.find("{\"progress\":0.5") != std::string::npos);
  CHECK(json::parse(outcome.said.substr(outcome.said.rfind('{')))["duration"].get<double>() ==
        Approx(7.0).margin(0.03));
  CHECK_FALSE(std::filesystem::exists(out + ".part"));

  const json streams = probe(out)["streams"];
  REQUIRE(streams.size() == 2);
  for (const json& stream : streams) {
    INFO(stream.dump());
    CHECK(number(stream["duration"]) == Approx(7.0).margin(0.05));
    CHECK(std::abs(number(stream["start_time"])) < 0.025);
  }
  CHECK(streams[0]["nb_read_packets"] == "175");
  CHECK(shell("ffmpeg -v warning -i " + out + " -f null -") == "");
  const Bytes bytes = read_file(out);
  const auto find = [&](const std::string& name) {
    return std::search(bytes.begin(), bytes.end(), name.begin(), name.end());
  };
  CHECK(find("moov") < find("mdat"));
}

TEST_CASE("export: sound alone becomes an M4A") {
  const auto heard = run_through(clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7"), {});
  const std::string out = workspace() + "/voice.m4a";
  REQUIRE(run_export("--out " + out + " --track " + save("audio.mp4", heard.files.at("audio")[0])).code == 0);
  const json found = probe(out);
  CHECK(found["streams"].size() == 1);
  CHECK(found["streams"][0]["codec_name"] == "aac");
  CHECK(found["format"]["tags"]["major_brand"] == "M4A ");
  CHECK(number(found["format"]["duration"]) == Approx(7.0).margin(0.06));
}

TEST_CASE("export: a torn tail costs the torn fragment only") {
  const auto heard = run_through(clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7"), {});
  const Bytes whole = heard.files.at("src")[0];
  const auto last = heard.parts_of("src").back().bytes.size();
  const std::size_t cut = GENERATE_COPY(std::size_t{1}, last / 2, last - 3);
  const std::string path =
      save("torn.mp4", Bytes(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(cut)));
  const std::string out = workspace() + "/torn-out.mp4";
  REQUIRE(run_export("--out " + out + " --track " + path).code == 0);
  CHECK(number(probe(out)["format"]["duration"]) ==
        Approx(7.0 - base::seconds(heard.parts_of("src").back().duration)).margin(0.01));
  CHECK(shell("ffmpeg -v warning -i " + out + " -f null -") == "");
}

TEST_CASE("export: a change of picture size plays on") {
  const auto heard = run_through(growing_clip(), {.format = InputFormat::mpegts});
  const auto& files = heard.files.at("src");
  REQUIRE(files.size() == 2);
  const std::string out = workspace() + "/sizes.mp4";
  const auto outcome =
      run_export("--out " + out + " --track " + save("v0.mp4", files[0]) + "," + save("v1.mp4", files[1]) +
                 " --track " + save("a0.mp4", heard.files.at("audio")[0]));
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  CHECK(number(probe(out)["format"]["duration"]) == Approx(6.0).margin(0.1));
  const std::string frames =
      shell("ffprobe -v error -select_streams v -show_entries frame=width -of csv=p=0 " + out);
  CHECK(frames.find("320") != std::string::npos);
  CHECK(frames.find("640") != std::string::npos);
  INFO(frames);
  CHECK(std::count(frames.begin(), frames.end(), '0') == 150);
}

TEST_CASE("export: a gap in the lesson stays a gap in both tracks") {
  const auto chunks = clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7");
  const auto before = run_through(chunks, {});
  const auto after = run_through(chunks, {.start = 12s, .first_msn = 9});
  std::string tracks;
  for (const char* name : {"src", "audio"}) {
    Bytes bytes = before.files.at(name)[0];
    const Bytes& more = after.files.at(name)[0];
    const auto init = after.inits_of(name)[0].bytes.size();
    bytes.insert(bytes.end(), more.begin() + static_cast<std::ptrdiff_t>(init), more.end());
    tracks += " --track " + save(std::string("gap-") + name + ".mp4", bytes);
  }
  const std::string out = workspace() + "/gap.mp4";
  REQUIRE(run_export("--out " + out + tracks).code == 0);
  const json probed = probe(out);
  for (const json& stream : probed.at("streams")) {
    INFO(stream.dump());
    CHECK(number(stream["duration"]) == Approx(19.0).margin(0.06));
    // 19 s of frames without a hole: players that count frames stay in step
    if (stream["codec_type"] == "audio")
      CHECK(std::stoi(stream["nb_read_packets"].get<std::string>()) == Approx(19 * 44100 / 1024).margin(4));
  }
}

TEST_CASE("export: failures are told and leave nothing behind") {
  const std::string out = workspace() + "/never.mp4";
  const std::string empty = save("empty.mp4", {});
  const std::string garbage = save("garbage.mp4", Bytes(5000, 0x47));
  for (const std::string& arguments : std::initializer_list<std::string>{
           "--out " + out, "--track x.mp4", "--out " + out + " --track /nonexistent.mp4",
           "--out " + out + " --track " + empty, "--out " + out + " --track " + garbage,
           "--out /nonexistent/x.mp4 --track " + empty, "--what"}) {
    const auto outcome = run_export(arguments);
    INFO(arguments << ": " << outcome.said);
    CHECK(outcome.code == 1);
    CHECK(outcome.said.starts_with("tongke-pipeline export: "));
    CHECK_FALSE(std::filesystem::exists(out));
    CHECK_FALSE(std::filesystem::exists(out + ".part"));
  }
}

TEST_CASE("export: damaged fragments never pass for media") {
  const auto heard = run_through(clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7"), {});
  const Bytes whole = heard.files.at("src")[0];
  std::uint32_t state = 1;
  for (int round = 0; round < 300; ++round) {
    Bytes bytes = whole;
    for (int i = 0; i < 8; ++i) {
      state = state * 1664525U + 1013904223U;
      bytes[(state >> 4U) % std::min<std::size_t>(bytes.size(), 4000)] ^=
          static_cast<std::uint8_t>(state >> 24U);
    }
    auto file = pipeline::worker::remux::FragmentFile::open(save("damaged.mp4", bytes));
    if (!file) continue;
    std::size_t samples = 0;
    while (const auto sample = file->next()) {
      ++samples;
      REQUIRE(sample->offset + sample->size <= bytes.size());
    }
    CHECK(samples <= 175);
  }
}
