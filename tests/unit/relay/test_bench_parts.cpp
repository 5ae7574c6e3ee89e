#include "relay/bench/keyframe_finder.hpp"
#include "relay/bench/offer.hpp"
#include "relay/bench/process_cost.hpp"
#include "relay/bench/stream_counter.hpp"
#include "relay/webrtc/sdp.hpp"
#include "tests/support/catch.hpp"

#include <unistd.h>

using namespace tongke;
using namespace tongke::relay;
using namespace std::chrono_literals;

TEST_CASE("bench: a stream's loss and jitter are read off its headers") {
  bench::StreamCounter stream(90000);
  const base::Steady::time_point begin{};
  // 65534, 65535, 0, [1 and 2 are lost], 3, and 0 once more.
  int number = 0;
  for (const int sequence : {65534, 65535, 0, 3, 0}) {
    stream.add(static_cast<std::uint16_t>(sequence), static_cast<std::uint32_t>(number * 3000),
               begin + number * 33333us);
    ++number;
  }
  CHECK(stream.packets() == 5);
  CHECK(stream.expected() == 6);
  CHECK(stream.lost() == 1);  // what came twice hides a loss: RFC 3550 A.3 counts so
  CHECK(stream.jitter_ms() < 0.1);
  stream.add(4, static_cast<std::uint32_t>(number * 3000), begin + number * 33333us + 160ms);
  CHECK(stream.jitter_ms() == Approx(10).margin(0.5));
}

TEST_CASE("bench: a keyframe has come when its last packet has") {
  using Payload = std::vector<std::uint8_t>;
  struct Case {
    Payload payload;
    std::uint32_t timestamp;
    bool marker;
    bool whole;
  };
  const Payload delta{0x41, 1};
  const Payload fu_start{0x7C, 0x85, 1};
  const Payload fu_end{0x7C, 0x45, 1};
  const Payload parameters{0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1};
  const Payload parameters_and_idr{0x78, 0, 2, 0x67, 1, 0, 2, 0x65, 1};
  const std::vector<std::vector<Case>> streams = {
      {{delta, 1, true, false},
       {parameters, 2, false, false},
       {fu_start, 2, false, false},
       {fu_end, 2, true, true}},
      {{parameters_and_idr, 7, true, true}},
      {{{0x65, 1}, 9, true, true}},
      {{fu_start, 3, false, false}, {delta, 4, true, false}},
      {{{0x78, 0xFF, 0xFF, 0x65}, 1, true, false}, {{}, 2, true, false}},
  };
  for (const auto& stream : streams) {
    bench::KeyframeFinder finder;
    for (const auto& one : stream) {
      webrtc::rtp::Packet packet;
      packet.payload = one.payload;
      packet.timestamp = one.timestamp;
      packet.marker = one.marker;
      CHECK(finder.add(packet) == one.whole);
    }
  }
}

TEST_CASE("bench: the offer is one, and an answer is read") {
  const auto offer =
      webrtc::sdp::parse(bench::make_offer({"abcd", "0123456789012345678901"}, "sha-256 AA:BB"));
  REQUIRE(offer);
  REQUIRE(offer->media.size() == 2);
  CHECK(offer->bundle == std::vector<std::string>{"0", "1"});
  CHECK(offer->media[1].codecs[0].name == "h264");

  const std::string answer =
      "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-lite\r\na=group:BUNDLE 0 1\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n"
      "a=ice-ufrag:serv\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 "
      "AA:BB\r\na=setup:passive\r\n"
      "a=rtpmap:111 opus/48000/2\r\n"
      "a=candidate:1 1 tcp 1 127.0.0.1 8189 typ host tcptype passive\r\n"
      "a=candidate:2 1 udp 2 192.0.2.7 8189 typ host\r\n"
      "a=candidate:3 1 udp 3 127.0.0.1 8190 typ host\r\n"
      "a=candidate:4 1 udp 3 0f3a.local 8190 typ host\r\n"
      "m=video 0 UDP/TLS/RTP/SAVPF 102\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=inactive\r\na=rtpmap:102 "
      "H264/90000\r\n";
  const auto near = bench::read_answer(answer, true);
  const auto far = bench::read_answer(answer, false);
  REQUIRE(near);
  REQUIRE(far);
  CHECK(near->candidate.port == 8190);
  CHECK(far->candidate.port == 8189);
  CHECK(near->ice.ufrag == "serv");
  CHECK(near->audio_type == 111);
  CHECK_FALSE(near->video_type);  // refused by port 0
  CHECK_FALSE(bench::read_answer("v=0\r\n", true));
}

TEST_CASE("bench: a process is measured") {
  const auto cost = bench::process_cost(getpid());
  REQUIRE(cost);
  CHECK(cost->resident_bytes > 100'000);
  CHECK_FALSE(bench::process_cost(1 << 30));
}
