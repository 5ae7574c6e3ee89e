#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "relay/ingest/srt/access_unit.hpp"
#include "relay/ingest/srt/greeting.hpp"
#include "relay/ingest/srt/psi.hpp"
#include "relay/ingest/srt/stream_id.hpp"
#include "relay/ingest/srt/ts_splitter.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::ingest;
using Bytes = std::vector<std::uint8_t>;
using srt::Access;
using srt::TsSplitter;
using Fault = srt::StreamId::Fault;

namespace {

struct Cut {
  ChunkKind kind{};
  std::uint8_t slot = 0;
  Bytes bytes;
};

/// Splits `stream` given in pieces of `step` bytes.
std::vector<Cut> split(const Bytes& stream, std::size_t step, TsSplitter* report = nullptr) {
  std::vector<Cut> cuts;
  TsSplitter splitter([&](const Chunk& chunk) {
    cuts.push_back({chunk.kind, chunk.slot, {chunk.bytes.begin(), chunk.bytes.end()}});
  });
  const base::ByteView all(stream);
  for (std::size_t at = 0; at < all.size(); at += step) {
    splitter.receive(all.subspan(at, std::min(step, all.size() - at)));
  }
  if (report) *report = splitter;
  return cuts;
}

std::size_t count(const std::vector<Cut>& cuts, ChunkKind kind) {
  std::size_t n = 0;
  for (const auto& cut : cuts) n += cut.kind == kind ? 1 : 0;
  return n;
}

std::size_t size(const std::vector<Cut>& cuts) {
  std::size_t n = 0;
  for (const auto& cut : cuts) n += cut.bytes.size();
  return n;
}

Bytes fixture(const std::string& name) {
  std::ifstream file(std::string(FIXTURES) + "/ts/" + name, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint16_t pid(const Bytes& packet) {
  return static_cast<std::uint16_t>((packet[1] & 0x1fU) << 8U | packet[2]);
}

}  // namespace

TEST_CASE("srt stream id: both forms, and what is wrong with the rest") {
  struct Case {
    const char* text;
    Fault fault;
    const char* lesson = "";
    const char* key = "";
  };
  const std::vector<Case> cases = {
      {"publish:m1:secret", Fault::none, "m1", "secret"},
      {"publish:m1:se:cr:et", Fault::none, "m1", "se:cr:et"},
      {"#!::m=publish,r=m1,key=secret", Fault::none, "m1", "secret"},
      {"#!::key=secret,h=live.example.cn,u=lin,r=m1,s=7,t=stream,m=publish", Fault::none, "m1", "secret"},
      {"#!::m=publish,r=m1,key=a=b", Fault::none, "m1", "a=b"},
      {"#!::m=publish,r=m1,key=secret,", Fault::none, "m1", "secret"},
      {"#!::m=request,r=m1,key=secret", Fault::not_publishing},
      {"#!::m=bidirectional,r=m1,key=secret", Fault::not_publishing},
      {"#!::r=m1,key=secret", Fault::not_publishing},
      {"#!::m=publish,t=file,r=m1,key=secret", Fault::not_a_stream},
      {"read:m1:secret", Fault::not_publishing},
      {"request:m1", Fault::not_publishing},
      {"play:m1", Fault::not_publishing},
      {"#!::m=publish,r=m1", Fault::malformed},
      {"#!::m=publish,key=secret", Fault::malformed},
      {"#!::m=publish,r=,key=secret", Fault::malformed},
      {"#!:{m=publish,r=m1,key=secret}", Fault::malformed},
      {"#!::", Fault::not_publishing},
      {"publish:m1:", Fault::malformed},
      {"publish:m1", Fault::malformed},
      {"publish::secret", Fault::malformed},
      {"Publish:m1:secret", Fault::malformed},
      {"m1?key=secret", Fault::malformed},
      {":::", Fault::malformed},
      {"", Fault::malformed},
  };
  for (const auto& c : cases) {
    INFO(c.text);
    const auto id = srt::parse_stream_id(c.text);
    CHECK(id.fault == c.fault);
    CHECK(id.lesson == c.lesson);
    CHECK(id.key == c.key);
  }
}

TEST_CASE("srt access unit: where a decoder can begin") {
  struct Case {
    const char* what;
    Bytes bytes;
    Access access;
  };
  const std::vector<Case> cases = {
      {"nothing", {}, Access::unknown},
      {"a delimiter alone", {0, 0, 0, 1, 9, 0xf0}, Access::unknown},
      {"an IDR's header without its slice", {0, 0, 1, 0x65}, Access::unknown},
      {"an IDR",
       {0, 0, 1, 9, 0x10, 0, 0, 1, 0x67, 0x42, 0, 0, 1, 0x68, 1, 0, 0, 1, 0x65, 0x88},
       Access::marked},
      {"the second slice of an IDR", {0, 0, 1, 0x65, 0x20}, Access::none},
      {"slice type P (0)", {0, 0, 1, 0x41, 0xc0}, Access::none},
      {"slice type B (1)", {0, 0, 1, 0x01, 0xa0}, Access::none},
      {"slice type I (2)", {0, 0, 1, 0x41, 0xb0}, Access::intra},
      {"slice type SI (4)", {0, 0, 1, 0x41, 0x94}, Access::intra},
      {"slice type P (5)", {0, 0, 1, 0x41, 0x98}, Access::none},
      {"slice type I (7)", {0, 0, 1, 0x41, 0x88}, Access::intra},
      {"no slice type", {0, 0, 1, 0x41, 0x80}, Access::none},
      {"a recovery point before a P slice",
       {0, 0, 1, 6, 6, 1, 0xc4, 0x80, 0, 0, 1, 0x41, 0xc0},
       Access::marked},
      {"other SEI before an I slice", {0, 0, 1, 6, 1, 1, 0x12, 0x80, 0, 0, 1, 0x41, 0x88}, Access::intra},
      {"a recovery point behind other SEI", {0, 0, 1, 6, 1, 1, 0x12, 6, 1, 0xc4, 0x80}, Access::marked},
      {"SEI that is not all there", {0, 0, 1, 6, 5, 0xff, 0xff, 0x20, 1, 2, 3}, Access::unknown},
      {"empty NAL units", {0, 0, 1, 0, 0, 1, 0, 0, 1, 0x65, 0x88}, Access::marked},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    CHECK(srt::access_of(c.bytes) == c.access);
  }
}

TEST_CASE("srt tables: whose CRC is wrong, who is cut or not yet current is not believed") {
  const Bytes pat = {0x00, 0xb0, 0x0d, 0x00, 0x01, 0xc1, 0x00, 0x00,
                     0x00, 0x01, 0xf0, 0x00, 0x2a, 0xb1, 0x04, 0xb2};
  CHECK(srt::program_map_pid(pat) == 0x1000);
  for (std::size_t i = 0; i < pat.size(); ++i) {
    Bytes broken = pat;
    broken[i] ^= 0x01;
    CHECK_FALSE(srt::program_map_pid(broken));
    CHECK_FALSE(srt::program_map_pid(base::ByteView(pat).first(i)));
  }
  CHECK_FALSE(srt::program_map(pat));
}

TEST_CASE("srt splitter: of what encoders send nothing is lost and every keyframe begins a run") {
  struct Case {
    const char* file;
    std::size_t keyframes;  ///< by ffprobe
  };
  for (const auto& c :
       std::vector<Case>{{"ffmpeg.ts", 3}, {"mpegtsmux.ts", 3}, {"open-gop.ts", 3}, {"sound.ts", 0}}) {
    INFO(c.file);
    const Bytes stream = fixture(c.file);
    for (const std::size_t step :
         {std::size_t{1316}, std::size_t{188}, std::size_t{1}, std::size_t{1000}, stream.size()}) {
      INFO(step);
      const auto cuts = split(stream, step);
      CHECK(size(cuts) == stream.size());
      CHECK(count(cuts, ChunkKind::keyframe) == c.keyframes);
      REQUIRE(cuts.size() > 2);
      std::optional<std::uint16_t> video;
      for (const auto& cut : cuts) {
        REQUIRE(cut.bytes.size() % TsSplitter::kPacket == 0);
        CHECK((cut.kind != ChunkKind::header || cut.slot <= 1));
        if (cut.kind != ChunkKind::keyframe) continue;
        CHECK((cut.bytes[1] & 0x40U) != 0);
        CHECK(pid(cut.bytes) == video.value_or(pid(cut.bytes)));
        video = pid(cut.bytes);
      }
      CHECK(count(cuts, ChunkKind::header) >= 2);
    }
  }
}

TEST_CASE("srt splitter: finds its way through noise, and holds no more than it says") {
  const Bytes stream = fixture("ffmpeg.ts");
  Bytes noisy(1000 + stream.size(), 0xff);
  std::ranges::copy(stream, noisy.begin() + 1000);
  TsSplitter report([](const Chunk&) {});
  const auto cuts = split(noisy, 700, &report);
  CHECK(report.skipped() == 1000);
  CHECK(report.has_program());
  CHECK(size(cuts) == stream.size());
  CHECK(count(cuts, ChunkKind::keyframe) == 3);

  // A picture that never gets to its slices: PES of zeros on the video PID.
  const auto first_key = std::ranges::find(cuts, ChunkKind::keyframe, &Cut::kind);
  REQUIRE(first_key != cuts.end());
  Bytes endless(stream.begin(), stream.begin() + 3 * 188);
  Bytes packet(188, 0);
  packet[0] = 0x47;
  packet[1] = static_cast<std::uint8_t>(0x40U | (first_key->bytes[1] & 0x1fU));
  packet[2] = first_key->bytes[2];
  packet[3] = 0x10;
  packet[6] = 1;
  packet[7] = 0xe0;
  endless.insert(endless.end(), packet.begin(), packet.end());
  packet = Bytes(188, 0);
  packet[0] = 0x47;
  packet[1] = first_key->bytes[1] & 0x1fU;
  packet[2] = first_key->bytes[2];
  packet[3] = 0x10;
  for (int i = 0; i < 1000; ++i) endless.insert(endless.end(), packet.begin(), packet.end());
  std::size_t given = 0;
  std::size_t handed_on = 0;
  TsSplitter splitter([&](const Chunk& chunk) { handed_on += chunk.bytes.size(); });
  for (std::size_t at = 0; at < endless.size(); at += 188) {
    splitter.receive(base::ByteView(endless).subspan(at, 188));
    given += 188;
    REQUIRE(given - handed_on <= TsSplitter::kMaxHeld + TsSplitter::kPacket);
  }
  CHECK(handed_on > 0);
}

TEST_CASE("srt greeting: a handshake for nobody in particular, and nothing else") {
  Bytes handshake(64);
  handshake[0] = 0x80;
  CHECK(srt::is_greeting(handshake));
  handshake.resize(200);
  CHECK(srt::is_greeting(handshake));
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes other = handshake;
    other[at] = value;
    return srt::is_greeting(other);
  };
  CHECK(with(4, 1));    // additional info, timestamp: anything
  CHECK(!with(0, 0));   // data
  CHECK(!with(1, 1));   // another control packet: keep-alive
  CHECK(!with(3, 1));   // of a subtype
  CHECK(!with(15, 1));  // for a connection
  handshake.resize(63);
  CHECK(!srt::is_greeting(handshake));
  CHECK(!srt::is_greeting({}));
}
