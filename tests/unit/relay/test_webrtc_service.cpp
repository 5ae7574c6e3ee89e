#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "relay/webrtc/big_endian.hpp"
#include "relay/webrtc/rtcp.hpp"
#include "relay/webrtc/rtp.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/webrtc_fixture.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace tongke::relay::webrtc;
using std::chrono::milliseconds;
using tests::frame_of;
using tests::WebRtcClient;
namespace wire = pipeline::wire;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<rtp::Packet> of_type(const std::vector<Bytes>& packets, std::uint8_t type) {
  std::vector<rtp::Packet> found;
  for (const auto& bytes : packets)
    if (const auto packet = rtp::parse(bytes); packet && packet->payload_type == type)
      found.push_back(*packet);
  return found;
}

}  // namespace

TEST_CASE_METHOD(tests::WebRtcFixture, "a viewer that joins gets the cached GOP, then what follows",
                 "[webrtc]") {
  service->frame("L", frame_of("src", true, false, milliseconds(0), {900}));
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40, 1000, 1000, 999}));
  service->frame("L", frame_of("src", true, false, milliseconds(66), {700, 700}));
  WebRtcClient viewer;
  join(viewer);
  CHECK(viewer.keys().profile == SrtpProfile::aead_aes_128_gcm);
  CHECK(lessons.wanted.contains("opus"));
  REQUIRE(run(viewer, [&] { return viewer.rtp.size() >= 6; }));
  service->frame("L", frame_of("opus", false, true, milliseconds(70), {80}));
  service->frame("L", frame_of("src", true, false, milliseconds(99), {500, 500}));
  service->frame("L", frame_of("opus", false, true, milliseconds(90), {90}));
  service->frame("L", frame_of("opus", false, true, milliseconds(110), {100}));
  REQUIRE(run(viewer, [&] { return viewer.rtp.size() >= 11; }));
  const auto video = of_type(viewer.rtp, 108);
  const auto audio = of_type(viewer.rtp, 111);
  REQUIRE(video.size() == 8);
  REQUIRE(audio.size() == 3);
  const std::vector<std::size_t> sizes{40, 1000, 1000, 999, 700, 700, 500, 500};
  for (std::size_t i = 0; i < video.size(); ++i) {
    CHECK(video[i].payload.size() == sizes[i]);
    CHECK(video[i].sequence == static_cast<std::uint16_t>(video[0].sequence + i));
    CHECK(base::as_text(*rtp::find_extension(video[i], 4)) == "1");
    CHECK(rtp::find_extension(video[i], 3)->size() == 2);
  }
  CHECK(video[3].marker);
  CHECK_FALSE(video[2].marker);
  CHECK(video[4].timestamp - video[0].timestamp == 33 * 90);
  CHECK(audio[1].timestamp - audio[0].timestamp == 960);
  CHECK(audio[2].timestamp - audio[1].timestamp == 960);
  REQUIRE(run(viewer, [&] { return !viewer.rtcp.empty(); }));
  rtcp::Reader reader(viewer.rtcp.front());
  const auto report = reader.next();
  REQUIRE(report);
  CHECK(rtcp::sender_info(*report).has_value());
}

TEST_CASE_METHOD(tests::WebRtcFixture, "two frames of sound ride with a picture as one packet", "[webrtc]") {
  constexpr std::uint8_t kOneFrame = 31U << 3U;  // of 20 ms
  const auto sound = [](int ms, std::size_t size) {
    auto frame = frame_of("opus", false, true, milliseconds(ms), {size});
    std::vector<std::uint8_t> bytes(frame.bytes.view().begin(), frame.bytes.view().end());
    bytes[2] = kOneFrame;
    frame.bytes = base::SharedBytes(std::move(bytes));
    return frame;
  };
  service->frame("L", frame_of("src", true, true, milliseconds(0), {1000, 1000}));
  WebRtcClient viewer;
  join(viewer);
  REQUIRE(run(viewer, [&] { return viewer.rtp.size() >= 2; }));
  service->frame("L", sound(5, 80));
  service->frame("L", sound(25, 90));
  service->frame("L", frame_of("src", true, false, milliseconds(33), {700, 700}));
  service->frame("L", sound(45, 70));
  service->frame("L", frame_of("src", true, false, milliseconds(66), {700, 700}));
  // A picture smaller than its sound goes behind it.
  service->frame("L", sound(65, 120));
  service->frame("L", frame_of("src", true, false, milliseconds(99), {40}));
  REQUIRE(run(viewer, [&] { return viewer.rtp.size() >= 10; }));
  CHECK(of_type(viewer.rtp, 108).back().payload.size() == 40);
  const auto audio = of_type(viewer.rtp, 111);
  REQUIRE(audio.size() == 3);
  CHECK(audio[2].payload.size() == 120);
  CHECK(audio[0].payload.size() == 3 + 79 + 89);  // their kind, how many, the first one's length
  CHECK(audio[0].payload.front() == (kOneFrame | 3U));
  CHECK(audio[1].payload.size() == 70);
  CHECK(audio[1].payload.front() == kOneFrame);
  CHECK(audio[1].timestamp - audio[0].timestamp == 1920);
}

TEST_CASE_METHOD(tests::WebRtcFixture, "what is lost is sent again, wrapped as RTX", "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40, 1000, 1000}));
  WebRtcClient viewer;
  join(viewer);
  REQUIRE(run(viewer, [&] { return of_type(viewer.rtp, 108).size() == 3; }));
  const auto video = of_type(viewer.rtp, 108);
  Bytes nack;
  const std::vector<std::uint16_t> lost{video[1].sequence, video[2].sequence, 9};
  rtcp::write_nack(nack, 1, video[0].ssrc, lost);
  viewer.send_rtcp(nack);
  REQUIRE(run(viewer, [&] { return of_type(viewer.rtp, 109).size() == 2; }));
  const auto again = of_type(viewer.rtp, 109);
  CHECK(load16(again[0].payload.data()) == video[1].sequence);
  CHECK(std::ranges::equal(again[0].payload.subspan(2), video[1].payload));
  CHECK(again[0].timestamp == video[1].timestamp);
  CHECK(again[0].ssrc != video[0].ssrc);
}

TEST_CASE_METHOD(tests::WebRtcFixture, "what arrives at a viewer's is told, not what was only sent",
                 "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40}));
  WebRtcClient viewer;
  join(viewer);
  REQUIRE(run(viewer, [&] { return !viewer.rtp.empty(); }));
  const std::uint32_t ssrc = rtp::parse(viewer.rtp.front())->ssrc;
  const auto say = [&](std::uint32_t source, std::uint32_t sequence) {
    const rtcp::ReportBlock block{.ssrc = source, .highest_sequence = sequence};
    Bytes report;
    rtcp::write_receiver_report(report, 1, std::span(&block, 1));
    viewer.send_rtcp(report);
  };
  // A PLI behind them shows that they were read.
  const auto read_so_far = [&] {
    const int before = lessons.keyframes;
    Bytes pli;
    rtcp::write_pli(pli, 1, ssrc);
    viewer.send_rtcp(pli);
    REQUIRE(run(viewer, [&] { return lessons.keyframes > before; }));
  };
  say(ssrc, 7);
  say(ssrc, 7);
  say(ssrc + 100, 8);
  read_so_far();
  CHECK(receipts == 0);  // nothing moved
  say(ssrc, 9);
  REQUIRE(run(viewer, [&] { return receipts == 1; }));
}

TEST_CASE_METHOD(tests::WebRtcFixture, "many keyframe wishes become one", "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40}));
  WebRtcClient viewer;
  join(viewer);
  REQUIRE(run(viewer, [&] { return viewer.rtp.size() == 1; }));
  for (int i = 0; i < 20; ++i) {
    Bytes pli;
    rtcp::write_pli(pli, 1, rtp::parse(viewer.rtp.front())->ssrc);
    viewer.send_rtcp(pli);
  }
  REQUIRE(run(viewer, [&] { return lessons.keyframes > 0; }));
  CHECK(lessons.keyframes == 1);
}

TEST_CASE_METHOD(tests::WebRtcFixture, "media follows the peer to another address", "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40}));
  WebRtcClient viewer;
  join(viewer);
  REQUIRE(run(viewer, [&] { return viewer.rtp.size() == 1; }));
  viewer.move();
  const auto before = viewer.responses;
  viewer.check();
  REQUIRE(run(viewer, [&] { return viewer.responses > before; }));
  service->frame("L", frame_of("src", true, false, milliseconds(66), {50}));
  CHECK(run(viewer, [&] { return viewer.rtp.size() == 2; }));
}

TEST_CASE_METHOD(tests::WebRtcFixture, "ICE-TCP carries the same", "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40, 1000, 1000, 999}));
  WebRtcClient viewer(WebRtcClient::Way::tcp);
  join(viewer);
  CHECK(run(viewer, [&] { return of_type(viewer.rtp, 108).size() == 4; }));
}

TEST_CASE_METHOD(tests::WebRtcFixture, "a viewer whose link is withdrawn is cut off, the others stay",
                 "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40}));
  WebRtcClient good;
  WebRtcClient withdrawn;
  for (const auto& [client, pass] : {std::pair(&good, "good"), std::pair(&withdrawn, "withdrawn")}) {
    auto answer = service->watch({.lesson = "L",
                                  .offer = client->offer(false),
                                  .peer = "127.0.0.1",
                                  .pass = pass,
                                  .from_this_machine = true});
    REQUIRE(answer);
    client->answer(answer->sdp);
    REQUIRE(client->connect());
  }
  REQUIRE(service->viewers("L") == 2);
  service->recheck([](const std::string& pass) { return pass == "good"; });
  CHECK(run(good, [&] { return service->viewers("L") == 1; }));
}

TEST_CASE_METHOD(tests::WebRtcFixture, "who does not know the password gets nothing", "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40}));
  WebRtcClient viewer;
  auto answer = service->watch(
      {.lesson = "L", .offer = viewer.offer(false), .peer = "127.0.0.1", .from_this_machine = true});
  REQUIRE(answer);
  viewer.answer(answer->sdp);
  const std::string wrong = "not the password at all";
  viewer.check(true, &wrong);
  viewer.send_raw({22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
  viewer.send_raw({0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3});
  // The honest check that follows is answered, and only that.
  viewer.check();
  REQUIRE(run(viewer, [&] { return viewer.responses == 1; }));
  CHECK(viewer.bytes_in < 3 * 120);
}

TEST_CASE_METHOD(tests::WebRtcFixture, "a publisher's packets reach the intake, RTCP comes back",
                 "[webrtc]") {
  WebRtcClient teacher;
  const Service::Request request{
      .lesson = "L", .offer = teacher.offer(true), .peer = "127.0.0.1", .from_this_machine = true};
  CHECK(service->publish(request, "wrong").error().kind == base::Errc::forbidden);
  auto answer = service->publish(request, "key");
  REQUIRE(answer);
  teacher.answer(answer->sdp);
  REQUIRE(teacher.connect());
  REQUIRE(run(teacher, [&] { return intake.open_feeds == 1; }));
  CHECK(intake.last.sdp == answer->sdp);
  CHECK(intake.last.format == wire::InputFormat::rtp);
  Bytes header(12);
  rtp::write_header(header.data(), 108, true, 7, 8, 9, false, false);
  teacher.send_rtp(header, {1, 2, 3});
  REQUIRE(run(teacher, [&] { return intake.received.size() >= 17; }));
  base::ByteView rest(intake.received);
  const auto framed = rtp::next_framed(rest);
  REQUIRE(framed);
  CHECK(rtp::parse(*framed)->sequence == 7);
  Bytes pli;
  rtcp::write_pli(pli, 1, 9);
  intake.publisher->send_rtcp(pli);
  REQUIRE(run(teacher, [&] { return teacher.rtcp.size() == 1; }));
  CHECK(teacher.rtcp.front() == pli);
  teacher.close();
  CHECK(run(teacher, [&] { return intake.open_feeds == 0; }));
}

TEST_CASE_METHOD(tests::WebRtcFixture, "DELETE ends a session, a restart changes its credentials",
                 "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(33), {40}));
  WebRtcClient viewer;
  const auto session = join(viewer);
  const auto patch = [&](const std::string& body, const std::string& etag) {
    return service->patch({.lesson = "L", .offer = body, .peer = {}, .from_this_machine = true}, session,
                          etag);
  };
  CHECK(patch("a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n", "\"1\"")->fragment.empty());
  CHECK(patch("a=end-of-candidates\r\n", "\"7\"").error().kind == base::Errc::conflict);
  const auto restarted = patch("a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n", "*");
  REQUIRE(restarted);
  CHECK(restarted->etag == "\"2\"");
  const auto fragment = sdp::parse_fragment(restarted->fragment);
  REQUIRE(fragment);
  CHECK(fragment->ufrag != viewer.description().media.front().security.ufrag);
  CHECK(service->viewers("L") == 1);
  CHECK_FALSE(service->remove("other", session));
  CHECK(service->remove("L", session));
  CHECK(service->viewers("L") == 0);
  CHECK(run(viewer, [&] { return viewer.closed_by_server(); }));
  CHECK_FALSE(service->remove("L", session));
}

TEST_CASE_METHOD(tests::WebRtcFixture, "reordered pictures are not for WebRTC", "[webrtc]") {
  service->frame("L", frame_of("src", true, true, milliseconds(0), {40}));
  const auto step_back = [&](int at) {
    service->frame("L", frame_of("src", true, false, milliseconds(at + 99), {40}));
    service->frame("L", frame_of("src", true, false, milliseconds(at + 33), {40}));
  };
  WebRtcClient viewer;
  const Service::Request request{
      .lesson = "L", .offer = viewer.offer(false), .peer = {}, .from_this_machine = true};
  step_back(0);  // once is a clock being set right
  CHECK(service->watch(request));
  step_back(100);
  step_back(200);
  CHECK(service->watch(request).error().kind == base::Errc::conflict);
  for (int i = 10; i < 13; ++i)
    service->frame("L", frame_of("src", true, i % 2 == 0, milliseconds(33 * i), {40}));
  CHECK(service->watch(request));
}

TEST_CASE_METHOD(tests::WebRtcFixture,
                 "a smaller picture is made for who wants one, and takes over without a step back",
                 "[webrtc]") {
  lessons.offered = {wire::find_step("480p"), wire::find_step("360p"), wire::find_step("240p")};
  const auto frame = [](int ms) { return milliseconds(ms); };
  // The source takes 1 Mbit/s.
  for (int i = 0; i < 80; ++i)
    service->frame("L", frame_of("src", true, i % 40 == 0, frame(33 * i), {1000, 1000, 1000, 1000}));
  WebRtcClient viewer;
  join(viewer, 200'000);
  REQUIRE(run(viewer, [&] { return !viewer.rtp.empty() && lessons.asked.contains("240p"); }));
  CHECK(lessons.asked.size() == 1);
  const auto video = [&] { return of_type(viewer.rtp, 108); };
  const auto sees = [&](std::size_t size) {
    return run(viewer, [&] { return !video().empty() && video().back().payload.size() == size; });
  };
  service->frame("L", frame_of("src", true, false, frame(2640), {501}));
  REQUIRE(sees(501));
  // What is made begins with what the viewer has seen; it is passed over.
  service->frame("L", frame_of("240p", true, true, frame(1320), {301}));
  service->frame("L", frame_of("240p", true, false, frame(2574), {302}));
  service->frame("L", frame_of("src", true, false, frame(2673), {502}));
  REQUIRE(sees(502));
  // From the source's keyframe on its place is the smaller picture's, which is a moment later.
  service->frame("L", frame_of("src", true, true, frame(2706), {503}));
  service->frame("L", frame_of("src", true, false, frame(2739), {504}));
  service->frame("L", frame_of("240p", true, true, frame(2706), {303}));
  service->frame("L", frame_of("240p", true, false, frame(2772), {304}));
  REQUIRE(sees(304));
  const auto all = video();
  const auto at = [&](std::size_t size) {
    return std::ranges::find_if(all, [size](const auto& packet) { return packet.payload.size() == size; });
  };
  for (const std::size_t never : {301U, 302U, 503U, 504U}) CHECK(at(never) == all.end());
  CHECK(at(303) != all.end());
  CHECK(at(303)->timestamp - at(502)->timestamp == 33 * 90);
  CHECK(at(303)->sequence == static_cast<std::uint16_t>(at(502)->sequence + 1));
  // When it cannot be had any more, the viewer goes on with what there is.
  lessons.offered = {};
  int now = 4026;
  CHECK(run(viewer, [&] {
    service->frame("L", frame_of("src", true, true, frame(now += 33), {505}));
    return video().back().payload.size() == 505;
  }));
}

TEST_CASE_METHOD(tests::WebRtcFixture, "what nobody can be given is not waited for", "[webrtc]") {
  // 360p would take as much as this source: it is no relief.
  lessons.offered = {wire::find_step("360p")};
  for (int i = 0; i < 80; ++i)
    service->frame("L", frame_of("src", true, i % 40 == 0, milliseconds(33 * i), {1000}));
  WebRtcClient viewer;
  join(viewer, 100'000);
  REQUIRE(run(viewer, [&] { return viewer.rtp.size() > 30; }));
  CHECK(lessons.asked.empty());
}
