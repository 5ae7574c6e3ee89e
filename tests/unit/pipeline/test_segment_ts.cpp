#include <map>
#include <optional>

#include "relay/channel/ts_times.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/clips.hpp"

// MPEG-TS of a lesson's stretches, each made by a process of its own, as one stream.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kPacket = 188;

/// What is wrong with a transport stream by ISO/IEC 13818-1, and how far its clock references lie apart.
struct TsFacts {
  int continuity_errors = 0;
  int malformed = 0;
  double longest_pcr_gap_s = 0;
};
TsFacts examine(const Bytes& ts) {
  TsFacts facts;
  std::map<int, int> counters;
  std::optional<double> pcr;
  if (ts.size() % kPacket != 0) ++facts.malformed;
  for (std::size_t at = 0; at + kPacket <= ts.size(); at += kPacket) {
    const std::uint8_t* p = ts.data() + at;
    if (p[0] != 0x47) ++facts.malformed;
    const int pid = (p[1] & 0x1f) << 8 | p[2];
    const bool has_field = (p[3] & 0x20) != 0;
    const bool has_payload = (p[3] & 0x10) != 0;
    const bool field = has_field && p[4] > 0;
    const bool jumps = field && (p[5] & 0x80) != 0;
    const int counter = p[3] & 0x0f;
    const auto known = counters.find(pid);
    if (pid != 0x1fff && has_payload && known != counters.end() && !jumps &&
        counter != (known->second + 1) % 16)
      ++facts.continuity_errors;
    if (has_payload) counters[pid] = counter;
    if (!field || (p[5] & 0x10) == 0) continue;
    const std::uint64_t base = std::uint64_t{p[6]} << 25U | std::uint64_t{p[7]} << 17U |
                               std::uint64_t{p[8]} << 9U | std::uint64_t{p[9]} << 1U | p[10] >> 7U;
    const double now = static_cast<double>(base) / 90'000;
    if (pcr) facts.longest_pcr_gap_s = std::max(facts.longest_pcr_gap_s, now - *pcr);
    pcr = now;
  }
  return facts;
}

/// Writes the init and the parts of segments [from, to) of a rendition; its path.
std::string cut(const Heard& heard, const std::string& rendition, std::uint32_t from, std::uint32_t to) {
  const base::ByteView init = heard.inits_of(rendition).front().bytes.view();
  Bytes file(init.begin(), init.end());
  for (const Part& part : heard.parts_of(rendition)) {
    if (part.msn < from || part.msn >= to) continue;
    file.insert(file.end(), part.bytes.view().begin(), part.bytes.view().end());
  }
  const std::string path = workspace() + "/" + rendition + std::to_string(from) + ".mp4";
  write_file(path, file);
  return path;
}

}  // namespace

TEST_CASE("ts: stretches made one by one are one stream") {
  const bool b_frames = GENERATE(false, true);
  INFO("b-frames " << b_frames);
  const auto heard =
      run_through(clip(b_frames ? "ts-b.flv" : "ts.flv", "-f lavfi -i testsrc2=s=320x180:r=25 " + kSound +
                                                             kX264 + "-sc_threshold 0 " + kAac +
                                                             (b_frames ? "-bf 2 -t 8" : "-bf 0 -t 8")),
                  {});
  Bytes stream;
  for (const std::uint32_t from : {0U, 2U}) {
    const std::string out = workspace() + "/stretch.ts";
    CHECK(shell(std::string(TONGKE_PIPELINE) + " ts --out " + out + " --video " +
                cut(heard, "src", from, from + 2) + " --audio " + cut(heard, "audio", from, from + 2)) == "");
    const Bytes one = read_file(out);
    const auto facts = examine(one);
    CHECK(facts.malformed == 0);
    CHECK(facts.continuity_errors == 0);
    CHECK(one.size() < 400'000);
    stream.insert(stream.end(), one.begin(), one.end());
  }
  const auto facts = examine(stream);
  CHECK(facts.continuity_errors == 0);
  CHECK(facts.longest_pcr_gap_s <= 0.0401);
  const std::string whole = workspace() + "/whole.ts";
  write_file(whole, stream);
  CHECK(shell("ffmpeg -v warning -i " + whole + " -f null -") == "");
  const std::string count = shell(
      "ffprobe -v error -count_packets -show_entries stream=codec_name,nb_read_packets -of csv=p=0 " + whole);
  INFO(count);
  CHECK(count.find("h264,200") != std::string::npos);
  CHECK(count.find("aac,") != std::string::npos);
}

TEST_CASE("ts: sound alone, and what cannot be made") {
  const auto heard = run_through(clip("ts.flv", "-f lavfi -i testsrc2=s=320x180:r=25 " + kSound + kX264 +
                                                    "-sc_threshold 0 " + kAac + "-bf 0 -t 8"),
                                 {});
  const std::string program(TONGKE_PIPELINE);
  const std::string out = workspace() + "/sound.ts";
  // The muxer says that it does not know the size of a frame, and does not need it.
  CHECK(shell(program + " ts --out " + out + " --audio " + cut(heard, "audio", 0, 2) +
              " 2>/dev/null; echo $?") == "0\n");
  CHECK(shell("ffmpeg -v warning -i " + out + " -f null -") == "");
  for (const std::string& wrong :
       std::vector<std::string>{"", "--out", "--out " + out, "--out " + out + " --video /nowhere.mp4",
                                "--out /nowhere/x.ts --audio " + workspace() + "/audio0.mp4", "--other x"}) {
    INFO(wrong);
    CHECK(shell(program + " ts " + wrong + " 2>/dev/null; echo $?") == "1\n");
  }
}

TEST_CASE("ts: what a channel shows between lessons goes on and on as one stream") {
  Bytes halves[2];
  for (const int half : {0, 1}) {
    const std::string out = workspace() + "/rest.ts";
    CHECK(shell(std::string(TONGKE_PIPELINE) + " rest --out " + out +
                " --heading 眼保健操 --text '下一节：数学 09:00' --half " + std::to_string(half) +
                " 2>/dev/null") == "");
    halves[half] = read_file(out);
    CHECK(halves[half].size() < 200'000);
  }
  Bytes stream;
  for (const std::uint64_t round : {0, 1, 2}) {
    for (const Bytes& half : halves) {
      const auto moved = relay::channel::move_times(half, round * 8 * 90'000);
      REQUIRE(moved);
      stream.insert(stream.end(), moved->begin(), moved->end());
    }
  }
  const auto facts = examine(stream);
  CHECK(facts.malformed == 0);
  CHECK(facts.continuity_errors == 0);
  CHECK(facts.longest_pcr_gap_s <= 0.1);
  const std::string all = workspace() + "/rests.ts";
  write_file(all, stream);
  // Every picture and every frame of sound at its place: 12.5 a second, and 46.875.
  const std::string count =
      shell("ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 " + all);
  CHECK(count.starts_with("300\n1125\n"));
  CHECK(shell("ffmpeg -v error -nostdin -i " + all + " -f null - 2>&1") == "");
}
