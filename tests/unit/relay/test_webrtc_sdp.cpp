#include <fstream>
#include <sstream>
#include <string>

#include "relay/webrtc/sdp.hpp"
#include "tests/support/catch.hpp"

using namespace tongke::relay::webrtc;

namespace {

std::string fixture(const std::string& name) {
  std::ifstream in(std::string(FIXTURES) + "/webrtc/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  REQUIRE(in);
  return text.str();
}

const std::string kSmall =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=ice-ufrag:abcd\r\n"
    "a=ice-pwd:0123456789012345678901\r\na=fingerprint:SHA-256 ab:cd\r\na=setup:actpass\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 97 96\r\na=mid:0\r\na=rtcp-fb:* nack\r\na=rtpmap:96 H264/90000\r\n"
    "a=rtcp-fb:96 nack pli\r\na=fmtp:96 Profile-Level-Id=42e01f; packetization-mode=1\r\na=rtpmap:97 "
    "VP8/90000\r\n";

}  // namespace

TEST_CASE("Chromium's offer to watch", "[sdp]") {
  const auto offer = sdp::parse(fixture("chromium_whep.sdp"));
  REQUIRE(offer);
  CHECK(offer->bundle == std::vector<std::string>{"0", "1"});
  REQUIRE(offer->media.size() == 2);
  const auto& audio = offer->media[0];
  const auto& video = offer->media[1];
  CHECK(audio.kind == "audio");
  CHECK(audio.direction == sdp::Direction::recvonly);
  CHECK(audio.codecs.front().name == "opus");
  CHECK(audio.codecs.front().channels == 2);
  CHECK(audio.rtcp_mux);
  CHECK(video.rtcp_rsize);
  CHECK(video.mid == "1");
  CHECK(video.security.ufrag == "RYIh");
  CHECK(video.security.setup == "actpass");
  CHECK(video.security.fingerprint.starts_with("sha-256 59:AD:7D:"));
  CHECK(video.extension(sdp::kTransportCcUri) == 3);
  CHECK(video.extension(sdp::kPlayoutDelayUri) == 5);
  CHECK(audio.extension(sdp::kPlayoutDelayUri) == 0);
  const auto* h264 = video.codec(108);
  REQUIRE(h264);
  CHECK(h264->name == "h264");
  CHECK(h264->parameter("profile-level-id") == "42e01f");
  CHECK(h264->parameter("packetization-mode") == "1");
  CHECK(h264->has_feedback("nack pli"));
  REQUIRE(video.codec(109));
  CHECK(video.codec(109)->parameter("apt") == "108");
}

TEST_CASE("Chromium's offer to publish", "[sdp]") {
  const auto offer = sdp::parse(fixture("chromium_whip.sdp"));
  REQUIRE(offer);
  REQUIRE(offer->media.size() == 2);
  CHECK(offer->media[1].direction == sdp::Direction::sendonly);
  CHECK(offer->media[1].ssrcs.size() == 2);
  REQUIRE(offer->media[1].rtx_of.size() == 1);
  CHECK(offer->media[1].rtx_of.front().first == offer->media[1].ssrcs.front());
}

TEST_CASE("Chromium's simulcast offer", "[sdp]") {
  const auto offer = sdp::parse(fixture("chromium_whip_simulcast.sdp"));
  REQUIRE(offer);
  const auto& video = offer->media[1];
  CHECK(video.simulcast_send == std::vector<std::string>{"l", "m", "h"});
  CHECK(video.rids.size() == 3);
  CHECK(video.rids.front().send);
  CHECK(video.extension(sdp::kRidUri) != 0);
}

TEST_CASE("a data channel is an m-line like any other", "[sdp]") {
  const auto offer = sdp::parse(fixture("chromium_datachannel.sdp"));
  REQUIRE(offer);
  CHECK(offer->media.back().kind == "application");
  CHECK(offer->media.back().codecs.empty());
}

TEST_CASE("m-lines inherit, names lose their case, order is the m-line's", "[sdp]") {
  const auto offer = sdp::parse(kSmall);
  REQUIRE(offer);
  const auto& video = offer->media.front();
  CHECK(video.security.ufrag == "abcd");
  CHECK(video.security.fingerprint == "sha-256 AB:CD");
  CHECK(video.codecs.front().name == "vp8");
  CHECK(video.codec(96)->parameter("profile-level-id") == "42e01f");
  CHECK(video.codec(96)->parameter("PACKETIZATION-mode") == "1");
  CHECK_FALSE(video.codec(96)->parameter("sprop"));
}

TEST_CASE("what is not a description is refused with its line", "[sdp]") {
  const auto with = [](const std::string& line) { return kSmall + line + "\r\n"; };
  for (const auto& text : {std::string(),
                           std::string("hello"),
                           std::string("v=1\r\n"),
                           std::string("v=0\r\ns=-\r\n"),
                           with("a"),
                           with("m=video"),
                           with("m=video x UDP/TLS/RTP/SAVPF 96"),
                           with("a=rtpmap:200 X/1"),
                           with("a=rtpmap:96 VP9/90000"),
                           with("a=rtpmap:50 VP9"),
                           with("a=extmap:0 urn:x"),
                           with("a=extmap:x"),
                           with("a=setup:holdconn"),
                           with("a=ice-pwd:short"),
                           with("a=ice-ufrag:a b c d"),
                           with("a=fingerprint:sha-256"),
                           with("a=fingerprint:sha-256 zz"),
                           with("a=ssrc:x cname:y"),
                           with("a=simulcast:both x"),
                           with("a=rid:x"),
                           with("a=mid:" + std::string(33, 'x')),
                           with("a=x:" + std::string(5000, 'x')),
                           std::string(sdp::kMaxBytes + 1, 'v')}) {
    const auto parsed = sdp::parse(text);
    INFO(text.substr(0, 60));
    CHECK_FALSE(parsed);
  }
  CHECK(sdp::parse(with("a=rid:x")).error().message == "SDP line 17: malformed rid");
}

TEST_CASE("a description cannot grow beyond its bounds", "[sdp]") {
  std::string many = kSmall;
  for (int i = 0; i < 20; ++i) many += "m=video 9 X 96\r\n";
  CHECK_FALSE(sdp::parse(many));
  std::string candidates = kSmall;
  for (int i = 0; i < 500; ++i) candidates += "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n";
  const auto parsed = sdp::parse(candidates);
  REQUIRE(parsed);
  CHECK(parsed->media.front().candidates.size() <= 64);
}

TEST_CASE("a trickle fragment", "[sdp]") {
  const auto fragment = sdp::parse_fragment(
      "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
      "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id "
      "1\r\n"
      "a=end-of-candidates\r\n");
  REQUIRE(fragment);
  CHECK(fragment->ufrag == "EsAw");
  CHECK(fragment->password == "P2uYro0UCOQ4zxjKXaWCBui1");
  CHECK(fragment->candidates.size() == 1);
  CHECK(fragment->end_of_candidates);
  CHECK_FALSE(sdp::parse_fragment("a=ice-pwd:short\r\n"));
}
