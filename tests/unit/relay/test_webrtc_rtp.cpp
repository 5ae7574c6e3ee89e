#include <array>
#include <string>
#include <vector>

#include "relay/webrtc/big_endian.hpp"
#include "relay/webrtc/rtcp.hpp"
#include "relay/webrtc/rtp.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;
using std::chrono::microseconds;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes packet_with(const Bytes& extension, const Bytes& payload, bool padded = false) {
  Bytes packet(rtp::kFixedHeader);
  rtp::write_header(packet.data(), 96, true, 0xFFFE, 0x01020304, 0xAABBCCDD, !extension.empty(), padded);
  packet.insert(packet.end(), extension.begin(), extension.end());
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

rtcp::Packet only(const Bytes& compound) {
  rtcp::Reader reader(compound);
  const auto packet = reader.next();
  REQUIRE(packet);
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.malformed());
  return *packet;
}

}  // namespace

TEST_CASE("an RTP packet with extensions and padding", "[rtp]") {
  rtp::ExtensionWriter writer;
  const auto at = writer.add(4, Bytes{'1'});
  writer.add(2, Bytes{1, 2, 3});
  const auto block = writer.bytes();
  CHECK(block.size() % 4 == 0);
  CHECK(block[at] == '1');
  const auto bytes = packet_with(block, {9, 8, 7, 0, 2}, true);
  const auto packet = rtp::parse(bytes);
  REQUIRE(packet);
  CHECK(packet->payload_type == 96);
  CHECK(packet->marker);
  CHECK(packet->sequence == 0xFFFE);
  CHECK(packet->timestamp == 0x01020304);
  CHECK(packet->ssrc == 0xAABBCCDD);
  CHECK(packet->padding == 2);
  CHECK(Bytes(packet->payload.begin(), packet->payload.end()) == Bytes{9, 8, 7});
  REQUIRE(rtp::find_extension(*packet, 4));
  CHECK(base::as_text(*rtp::find_extension(*packet, 4)) == "1");
  CHECK(rtp::find_extension(*packet, 2)->size() == 3);
  CHECK_FALSE(rtp::find_extension(*packet, 5));
}

TEST_CASE("two-byte extensions are read too", "[rtp]") {
  const auto bytes = packet_with({0x10, 0x00, 0, 2, 20, 2, 'h', 'i', 0, 21, 0, 0}, {1});
  const auto packet = rtp::parse(bytes);
  REQUIRE(packet);
  CHECK(base::as_text(*rtp::find_extension(*packet, 20)) == "hi");
  CHECK(rtp::find_extension(*packet, 21)->empty());
}

TEST_CASE("RTP that points outside of itself is refused", "[rtp]") {
  const Bytes good = packet_with({0xBE, 0xDE, 0, 1, 0x10, 1, 0, 0}, {1, 2});
  for (std::size_t size = 0; size < 20; ++size) CHECK_FALSE(rtp::parse(base::ByteView(good).first(size)));
  CHECK(rtp::parse(good));
  CHECK_FALSE(rtp::parse(packet_with({}, {1, 9}, true)));
  CHECK_FALSE(rtp::parse(packet_with({}, {1, 0}, true)));
  CHECK_FALSE(rtp::parse(packet_with({}, {}, true)));
  Bytes version = good;
  version[0] = 0x40;
  CHECK_FALSE(rtp::parse(version));
}

TEST_CASE("sequence numbers wrap", "[rtp]") {
  CHECK(rtp::newer(0, 0xFFFF));
  CHECK_FALSE(rtp::newer(0xFFFF, 0));
  CHECK_FALSE(rtp::newer(5, 5));
  rtp::Unwrapper unwrap;
  CHECK(unwrap.unwrap(0xFFFE) == 0xFFFE);
  CHECK(unwrap.unwrap(1) == 0x10001);
  CHECK(unwrap.unwrap(0xFFFF) == 0xFFFF);
}

TEST_CASE("framed packets", "[rtp]") {
  const Bytes bytes{0, 2, 1, 2, 0, 0, 0, 9, 1};
  base::ByteView rest(bytes);
  CHECK(rtp::next_framed(rest)->size() == 2);
  CHECK(rtp::next_framed(rest)->empty());
  CHECK_FALSE(rtp::next_framed(rest));
}

TEST_CASE("reports are read as written", "[rtcp]") {
  Bytes out;
  rtcp::write_sender_report(out, 1, {.ntp = 0x0102030405060708U, .rtp = 9, .packets = 10, .bytes = 11});
  const std::array<std::uint32_t, 2> ssrcs{1, 2};
  rtcp::write_sdes(out, ssrcs, "tongke");
  const std::array blocks{rtcp::ReportBlock{.ssrc = 7,
                                            .fraction_lost = 64,
                                            .lost = -3,
                                            .highest_sequence = 70000,
                                            .jitter = 5,
                                            .last_sr = 6,
                                            .delay_since_last_sr = 8}};
  rtcp::write_receiver_report(out, 2, blocks);
  rtcp::write_bye(out, ssrcs);
  rtcp::Reader reader(out);
  const auto report = reader.next();
  REQUIRE(report);
  CHECK(report->ssrc == 1);
  REQUIRE(rtcp::sender_info(*report));
  CHECK(rtcp::sender_info(*report)->ntp == 0x0102030405060708U);
  CHECK(rtcp::sender_info(*report)->bytes == 11);
  CHECK(rtcp::report_blocks(*report).empty());
  const auto sdes = reader.next();
  REQUIRE(sdes);
  CHECK(sdes->type == rtcp::kSdes);
  CHECK(sdes->body.size() == 32);
  const auto receiver = reader.next();
  REQUIRE(receiver);
  const auto read = rtcp::report_blocks(*receiver);
  REQUIRE(read.size() == 1);
  CHECK(read[0].ssrc == 7);
  CHECK(read[0].fraction_lost == 64);
  CHECK(read[0].lost == -3);
  CHECK(read[0].highest_sequence == 70000);
  CHECK(reader.next()->type == rtcp::kBye);
  CHECK_FALSE(reader.next());
}

TEST_CASE("NACK packs neighbours into masks", "[rtcp]") {
  Bytes out;
  const std::array<std::uint16_t, 5> wanted{65534, 65535, 3, 14, 40};
  rtcp::write_nack(out, 1, 2, wanted);
  CHECK(out.size() == 12 + 2 * 4);
  const auto nack = rtcp::nack(only(out));
  REQUIRE(nack);
  CHECK(nack->media == 2);
  CHECK(nack->sequences == std::vector<std::uint16_t>(wanted.begin(), wanted.end()));
  CHECK(rtcp::nack(only(out), 2)->sequences.size() == 2);
}

TEST_CASE("keyframe requests", "[rtcp]") {
  Bytes pli;
  rtcp::write_pli(pli, 1, 77);
  CHECK(rtcp::keyframe_wanted(only(pli)) == std::vector<std::uint32_t>{77});
  const Bytes fir{0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 78, 5, 0, 0, 0};
  CHECK(rtcp::keyframe_wanted(only(fir)) == std::vector<std::uint32_t>{78});
}

TEST_CASE("REMB keeps eighteen bits of the rate", "[rtcp]") {
  const std::array<std::uint32_t, 2> media{5, 6};
  for (const std::uint64_t rate : {0ULL, 1000ULL, 262143ULL, 4'000'000ULL, 1'000'000'000'000ULL}) {
    Bytes out;
    rtcp::write_remb(out, 1, rate, media);
    const auto remb = rtcp::remb(only(out));
    REQUIRE(remb);
    CHECK(remb->bits_per_second <= rate);
    CHECK(remb->bits_per_second >= rate - rate / 100000);
  }
}

TEST_CASE("transport-cc feedback is read as written", "[rtcp]") {
  rtcp::TransportCc feedback{.feedback_number = 3, .arrivals = {}};
  microseconds at{64'000 * 1000 + 500};
  for (std::uint16_t i = 0; i < 40; ++i) {
    at += microseconds(250 * (i * 37 % 600)) - microseconds(i % 5 == 0 ? 5000 : 0);
    feedback.arrivals.push_back({.sequence = static_cast<std::uint16_t>(65530 + i),
                                 .at = i % 7 == 3 ? std::nullopt : std::optional(at)});
  }
  Bytes out;
  rtcp::write_transport_cc(out, 1, 2, feedback);
  const auto read = rtcp::transport_cc(only(out));
  REQUIRE(read);
  CHECK(read->feedback_number == 3);
  REQUIRE(read->arrivals.size() == feedback.arrivals.size());
  for (std::size_t i = 0; i < read->arrivals.size(); ++i) {
    CHECK(read->arrivals[i].sequence == feedback.arrivals[i].sequence);
    CHECK(read->arrivals[i].at == feedback.arrivals[i].at);
  }
}

TEST_CASE("transport-cc run lengths and one-bit vectors", "[rtcp]") {
  // Base 10, 20 packets from 64 ms on: a run of 3 small deltas, then 14 one-bit and 3 lost of 2-bit statuses.
  const Bytes bytes{0x8F, 205, 0, 8, 0,    0, 0,    1,    0,    0, 0, 2, 0, 10, 0, 20,
                    0,    0,   1, 9, 0x20, 3, 0xA0, 0x01, 0xC0, 0, 4, 4, 4, 4,  8, 0};
  Bytes fixed = bytes;
  store16(fixed.data() + 2, static_cast<std::uint16_t>(fixed.size() / 4 - 1));
  const auto read = rtcp::transport_cc(only(fixed));
  REQUIRE(read);
  REQUIRE(read->arrivals.size() == 20);
  CHECK(read->arrivals[0].at == microseconds(65'000));
  CHECK(read->arrivals[2].at == microseconds(67'000));
  CHECK(read->arrivals[3].at == microseconds(68'000));
  CHECK_FALSE(read->arrivals[4].at);
  CHECK(read->arrivals[16].at == microseconds(70'000));
  CHECK_FALSE(read->arrivals[19].at);
}

TEST_CASE("malformed RTCP stops the reader", "[rtcp]") {
  for (const auto& bytes : {Bytes{0x80}, Bytes{0x40, 200, 0, 0}, Bytes{0x80, 200, 0, 2, 0, 0, 0, 0},
                            Bytes{0xA0, 200, 0, 1, 0, 0, 0, 9}}) {
    rtcp::Reader reader(bytes);
    CHECK_FALSE(reader.next());
    CHECK(reader.malformed());
  }
}

TEST_CASE("NTP counts from 1900", "[rtcp]") {
  using std::chrono::milliseconds;
  const auto epoch = std::chrono::system_clock::time_point{} + milliseconds(1500);
  CHECK(rtcp::ntp_time(epoch) == (2'208'988'801ULL << 32U | 0x80000000U));
  CHECK(rtcp::ntp_middle(0x0000111122223333U) == 0x11112222U);
}
