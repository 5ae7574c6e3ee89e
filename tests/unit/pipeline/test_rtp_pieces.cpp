#include <algorithm>
#include <numeric>

#include "pipeline/worker/rtp/framing.hpp"
#include "pipeline/worker/rtp/h264_packetizer.hpp"
#include "pipeline/worker/rtp/layer_choice.hpp"
#include "pipeline/worker/rtp/opus_packet.hpp"
#include "pipeline/worker/rtp/packet_gate.hpp"
#include "pipeline/worker/timing/keyframe_pacer.hpp"
#include "pipeline/worker/timing/media_clock.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::pipeline::worker;
using namespace std::chrono_literals;
using base::Steady;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes nal(std::uint8_t header, std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
  bytes[0] = header;
  return bytes;
}

Bytes access_unit(const std::vector<Bytes>& nals) {
  Bytes avc;
  for (const Bytes& each : nals) {
    avc.insert(avc.end(), {0, 0});
    rtp::put_length(avc, each.size());
    avc.insert(avc.end(), each.begin(), each.end());
  }
  return avc;
}

std::vector<Bytes> payloads(const Bytes& framed) {
  rtp::Deframer deframer(framed);
  std::vector<Bytes> all;
  while (const auto payload = deframer.next()) all.emplace_back(payload->begin(), payload->end());
  CHECK(deframer.whole());
  return all;
}

std::vector<Bytes> packetized(const std::vector<Bytes>& nals, bool key = false, const Bytes& avcc = {}) {
  return payloads(rtp::H264Packetizer(avcc).packetize(access_unit(nals), key));
}

const Bytes kAvcc = {1, 0x42, 0xe0, 0x1f, 0xff, 0xe1, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 1, 0, 2, 0x68, 0xce};

}  // namespace

TEST_CASE("h264 payloads: small units travel alone or together, large ones in pieces of one size") {
  const Bytes slice = nal(0x41, 500);
  CHECK(packetized({slice}) == std::vector<Bytes>{slice});
  CHECK(packetized({nal(0x09, 2), slice}) == std::vector<Bytes>{slice});    // no delimiters
  CHECK(packetized({slice, nal(0x0c, 900)}) == std::vector<Bytes>{slice});  // no filler
  CHECK(packetized({nal(0x06, 30), slice}) == std::vector<Bytes>{slice});   // no SEI

  const auto together = packetized({nal(0x08, 20), nal(0x41, 500)});
  REQUIRE(together.size() == 1);
  CHECK(together[0][0] == 0x58);  // STAP-A, the highest importance among its units
  CHECK(together[0].size() == 1 + 2 + 20 + 2 + 500);
  CHECK(together[0][2] == 20);

  for (const std::size_t size : {1161U, 2318U, 2319U, 5000U, 60000U}) {
    INFO(size);
    const Bytes large = nal(0x65, size);
    const auto pieces = packetized({large});
    REQUIRE(pieces.size() >= 2);
    Bytes whole = {static_cast<std::uint8_t>((pieces[0][0] & 0xe0U) | (pieces[0][1] & 0x1fU))};
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      CHECK(pieces[i].size() <= rtp::kMaxPayloadBytes);
      CHECK((pieces[i][0] & 0x1fU) == 28);
      CHECK((pieces[i][1] & 0x80U) == (i == 0 ? 0x80U : 0U));
      CHECK((pieces[i][1] & 0x40U) == (i + 1 == pieces.size() ? 0x40U : 0U));
      if (i + 1 < pieces.size()) CHECK(pieces[i].size() == pieces[0].size());
      CHECK(pieces[i].size() + pieces.size() > pieces[0].size());
      whole.insert(whole.end(), pieces[i].begin() + 2, pieces[i].end());
    }
    CHECK(whole == large);
  }
  for (std::size_t size = 1; size <= 3000; ++size) {
    for (const Bytes& payload : packetized({nal(0x41, size), nal(0x41, 3000 - size + 1)}))
      CHECK(payload.size() <= rtp::kMaxPayloadBytes);
  }
}

TEST_CASE("h264 payloads: keyframes carry parameter sets, their own if they have some") {
  const Bytes idr = nal(0x65, 600);
  const auto added = packetized({idr}, true, kAvcc);
  REQUIRE(added.size() == 1);
  CHECK(added[0][0] == 0x78);
  CHECK(Bytes(added[0].begin() + 1, added[0].begin() + 7) == Bytes{0, 4, 0x67, 0x42, 0xe0, 0x1f});
  CHECK(packetized({idr}, false, kAvcc) == std::vector<Bytes>{idr});
  const auto own = packetized({nal(0x67, 9), nal(0x68, 5), idr}, true, kAvcc);
  REQUIRE(own.size() == 1);
  CHECK(own[0].size() == 1 + 2 + 9 + 2 + 5 + 2 + 600);

  CHECK(av::parameter_sets(kAvcc).size() == 2);
  for (std::size_t size = 0; size < kAvcc.size(); ++size)
    CHECK(av::parameter_sets(base::ByteView(kAvcc).first(size)).empty());
}

TEST_CASE("h264 payloads: what is no access unit makes none") {
  const rtp::H264Packetizer packetizer(kAvcc);
  CHECK(packetizer.packetize({}, true).empty());
  for (const Bytes& avc : {Bytes{0, 0, 0}, Bytes{0, 0, 0, 9, 1}, Bytes{0xff, 0xff, 0xff, 0xff, 1},
                           Bytes{0, 0, 0, 0}, Bytes{0, 0, 0, 2, 0x09, 0x10}, Bytes{0, 0, 0, 1, 0x1c}})
    CHECK(packetizer.packetize(avc, true).empty());
}

TEST_CASE("opus: how long a packet plays") {
  struct Case {
    Bytes packet;
    std::optional<base::MediaTime> duration;
  };
  const std::vector<Case> cases = {
      {{0x08}, 20ms},
      {{0x00}, 10ms},
      {{0x18}, 60ms},
      {{0x60}, 10ms},
      {{0x68}, 20ms},
      {{0x78}, 20ms},
      {{0x80}, 2500us},
      {{0xf8}, 20ms},
      {{0xf9}, 40ms},
      {{0xfb, 3}, 60ms},
      {{0xfb, 0x86}, 120ms},
      {{0xfb, 7}, std::nullopt},
      {{0xfb, 0}, std::nullopt},
      {{0xfb}, std::nullopt},
      {{}, std::nullopt},
  };
  for (const Case& c : cases) {
    INFO(c.packet.size() << " bytes, first " << (c.packet.empty() ? 0 : int{c.packet[0]}));
    CHECK(rtp::opus_duration(c.packet) == c.duration);
  }
}

TEST_CASE("gate: lets in what was agreed, from a bounded number of sources") {
  using Kind = rtp::PacketGate::Kind;
  rtp::PacketGate gate;
  gate.allow(96);
  const auto rtp = [](std::uint8_t type, std::uint8_t source) {
    return Bytes{0x80, type, 0, 1, 0, 0, 0, 0, 0, 0, 0, source, 1, 2, 3, 4};
  };
  CHECK(gate.admit(rtp(96, 1)) == Kind::rtp);
  CHECK(gate.admit(rtp(0x80 | 96, 1)) == Kind::rtp);
  CHECK(gate.admit(rtp(97, 1)) == Kind::refused);

  struct Case {
    const char* what;
    Bytes packet;
    Kind kind;
  };
  const std::vector<Case> cases = {
      {"nothing", {}, Kind::refused},
      {"short", {0x80, 96, 0, 1}, Kind::refused},
      {"version 1", {0x40, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, Kind::refused},
      {"header only", {0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, Kind::rtp},
      {"sources missing", {0x82, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9}, Kind::refused},
      {"extension missing", {0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, Kind::refused},
      {"extension too long",
       {0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 2, 1, 2, 3, 4},
       Kind::refused},
      {"extension", {0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 1, 1, 2, 3, 4}, Kind::rtp},
      {"padding", {0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 7, 1}, Kind::rtp},
      {"only padding", {0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2}, Kind::rtp},
      {"too much padding", {0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 7, 3}, Kind::refused},
      {"padding of none", {0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 7, 0}, Kind::refused},
      {"receiver report", {0x80, 201, 0, 1, 0, 0, 0, 1}, Kind::rtcp},
      {"two in one", {0x80, 201, 0, 1, 0, 0, 0, 1, 0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2}, Kind::rtcp},
      {"rtcp cut off", {0x80, 201, 0, 2, 0, 0, 0, 1}, Kind::refused},
      {"rtcp and rest", {0x80, 201, 0, 1, 0, 0, 0, 1, 0}, Kind::refused},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    CHECK(gate.admit(c.packet) == c.kind);
  }
  std::size_t admitted = 0;
  for (unsigned source = 0; source < 256; ++source)
    admitted += gate.admit(rtp(96, static_cast<std::uint8_t>(source))) == Kind::rtp ? 1 : 0;
  CHECK(admitted == rtp::PacketGate::kMaxSources);
  CHECK(gate.admit(rtp(96, 1)) == Kind::rtp);
}

TEST_CASE("layers: the first, then the largest steady one, and another when it falls silent") {
  rtp::LayerChoice choice;
  Steady::time_point now{};
  CHECK_FALSE(choice.take(1, 100, false, now));  // a decoder could not begin
  CHECK(choice.take(1, 100, true, now));
  CHECK_FALSE(choice.take(2, 400, true, now));
  CHECK(choice.take(1, 100, true, now += 1s));
  CHECK_FALSE(choice.take(2, 400, true, now));  // not yet
  now += 1500ms;
  CHECK(choice.take(1, 100, true, now));
  CHECK_FALSE(choice.take(2, 400, false, now));
  CHECK(choice.take(2, 400, true, now));
  CHECK_FALSE(choice.take(1, 100, true, now += 100ms));
  CHECK(choice.shown() == 2U);
  CHECK_FALSE(choice.take(1, 100, true, now += 2s));
  CHECK(choice.take(1, 100, true, now += 1500ms));  // the large one has stopped
  CHECK_FALSE(choice.take(2, 400, false, now));
}

TEST_CASE("keyframes: asked for when a segment or somebody needs one, never twice in half a second") {
  timing::KeyframePacer pacer(2000ms);
  Steady::time_point now{};
  CHECK_FALSE(pacer.should_ask(now += 10s));  // no stream yet
  pacer.request();
  CHECK(pacer.should_ask(now));
  CHECK_FALSE(pacer.should_ask(now += 499ms));
  CHECK(pacer.should_ask(now += 1ms));  // no answer
  pacer.keyframe_came(now += 100ms);
  CHECK_FALSE(pacer.should_ask(now += 1800ms));
  CHECK(pacer.should_ask(now += 50ms));
  pacer.keyframe_came(now += 150ms);
  pacer.request();
  pacer.request();
  CHECK_FALSE(pacer.should_ask(now += 100ms));
  CHECK(pacer.should_ask(now += 250ms));
  CHECK_FALSE(pacer.should_ask(now += 300ms));
  pacer.keyframe_came(now);
  CHECK_FALSE(pacer.should_ask(now += 300ms));
}

TEST_CASE("clocks: arrival times are never bridged, and Opus follows itself to the sample") {
  using timing::MediaClock;
  MediaClock steady(10s, 0s, MediaClock::Trust::steady);
  CHECK(steady.map(timing::TrackKind::video, 20s, 40ms) == 10s);
  CHECK(steady.map(timing::TrackKind::video, 18s, 40ms) == 8s);
  CHECK(steady.map(timing::TrackKind::audio, 20s, 20ms) == 10s);
  CHECK(steady.jumps() == 0);

  timing::SampleClock opus(48'000, 30ms);
  CHECK(opus.position(100ms, 960) == 4800);
  CHECK(opus.position(145ms, 960) == 5760);
  CHECK(opus.position(115ms, 960) == 6720);
  CHECK(opus.position(191ms, 960) == 9168);
  CHECK(opus.position(180ms, 960) == std::nullopt);
}
