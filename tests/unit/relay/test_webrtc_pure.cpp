#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "relay/webrtc/agreement.hpp"
#include "relay/webrtc/feedback_meter.hpp"
#include "relay/webrtc/history.hpp"
#include "relay/webrtc/rate_controller.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

sdp::Description offer(const std::string& name) {
  std::ifstream in(std::string(FIXTURES) + "/webrtc/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = sdp::parse(text.str());
  REQUIRE(parsed);
  return *parsed;
}

LocalSide local_side() {
  return {.ice = {.ufrag = "ufragufrag", .password = "passwordpasswordpassword"},
          .fingerprint = "sha-256 AA:BB",
          .udp = {*Endpoint::parse("192.0.2.9", 8189)},
          .tcp = {*Endpoint::parse("192.0.2.9", 8189)},
          .ssrcs = {.audio = 1, .video = 2, .rtx = 3},
          .session = 5};
}

FramePtr frame(std::uint32_t number, bool key, base::MediaTime pts, std::size_t size) {
  auto made = std::make_shared<MediaFrame>();
  made->number = number;
  made->key = key;
  made->pts = pts;
  made->bytes = base::SharedBytes(std::vector<std::uint8_t>(size));
  return made;
}

/// A line of a given rate on which the controller's choice is sent: what is more than it
/// carries is lost or queues.
struct Line {
  RateController controller{RateController::Time{}};
  RateController::Time now{};
  std::vector<std::uint64_t> rates{40'000, 300'000, 1'000'000};
  std::size_t step = 2;

  void run(seconds length, std::uint64_t capacity) {
    std::uint64_t padding = 0;
    for (const auto end = now + length; now < end; now += milliseconds(200)) {
      const std::uint64_t sending = rates[step];
      const std::uint64_t load = sending + padding;
      LineReport report;
      report.loss = load > capacity ? static_cast<double>(load - capacity) / static_cast<double>(load) : 0;
      report.delivered = std::min(load, capacity);
      report.queueing = milliseconds(load > capacity ? 300 : 5);
      const auto decision = controller.update(rates, sending, report, now);
      step = decision.step;
      padding = decision.padding;
    }
  }
};

}  // namespace

TEST_CASE("the answer to Chromium's offer to watch", "[agreement]") {
  const auto asked = offer("chromium_whep.sdp");
  const auto agreed = agree(asked, Purpose::watch);
  REQUIRE(agreed);
  REQUIRE(agreed->video);
  CHECK(agreed->video->codec.name == "h264");
  CHECK(agreed->video->codec.payload_type == 116);
  CHECK(agreed->video->rtx == 117);
  CHECK(agreed->audio->codec.payload_type == 111);
  const auto answer = sdp::parse(write_answer(asked, *agreed, local_side()));
  REQUIRE(answer);
  CHECK(answer->ice_lite);
  REQUIRE(answer->media.size() == 2);
  const auto& video = answer->media[1];
  CHECK(video.direction == sdp::Direction::sendonly);
  CHECK(video.security.setup == "passive");
  CHECK(video.codecs.size() == 2);
  CHECK(video.codecs.front().parameter("profile-level-id") == "4d001f");
  CHECK(video.extension(sdp::kTransportCcUri) == 3);
  CHECK(video.extension(sdp::kPlayoutDelayUri) == 5);
  CHECK(video.ssrcs == std::vector<std::uint32_t>{2, 3});
  CHECK(answer->media[0].candidates.size() == 2);
  CHECK(answer->bundle == std::vector<std::string>{"0", "1"});
}

TEST_CASE("the answer to Chromium's offers to publish", "[agreement]") {
  const auto asked = offer("chromium_whip_simulcast.sdp");
  const auto agreed = agree(asked, Purpose::publish);
  REQUIRE(agreed);
  CHECK(agreed->video->codec.parameter("profile-level-id") == "42e01f");
  const auto text = write_answer(asked, *agreed, local_side());
  const auto answer = sdp::parse(text);
  REQUIRE(answer);
  CHECK(answer->media[1].direction == sdp::Direction::recvonly);
  CHECK(text.find("a=simulcast:recv l;m;h") != std::string::npos);
  CHECK(answer->media[1].rids.size() == 3);
  CHECK(answer->media[1].extension(sdp::kRidUri) != 0);
  CHECK(answer->media[1].ssrcs.empty());
}

TEST_CASE("m-lines of no use are refused, the others are answered", "[agreement]") {
  const auto asked = offer("chromium_datachannel.sdp");
  const auto agreed = agree(asked, Purpose::watch);
  REQUIRE(agreed);
  CHECK_FALSE(agreed->audio);
  const auto answer = sdp::parse(write_answer(asked, *agreed, local_side()));
  REQUIRE(answer);
  CHECK(answer->media.size() == asked.media.size());
  CHECK(answer->media.back().port == 0);
  CHECK(answer->media.back().direction == sdp::Direction::inactive);
}

TEST_CASE("offers that cannot work are refused with the reason", "[agreement]") {
  const auto kind = [](sdp::Description asked, Purpose purpose = Purpose::watch) {
    const auto agreed = agree(asked, purpose);
    return agreed ? std::string("agreed") : std::string(to_string(agreed.error().kind));
  };
  auto asked = offer("chromium_whep.sdp");
  CHECK(kind(asked, Purpose::publish) == "unavailable");
  auto changed = asked;
  for (auto& media : changed.media) media.rtcp_mux = false;
  CHECK(kind(changed) == "invalid");
  changed = asked;
  changed.bundle = {"0"};
  CHECK(kind(changed) == "invalid");
  changed = asked;
  for (auto& media : changed.media) media.security.fingerprint.clear();
  CHECK(kind(changed) == "invalid");
  changed = asked;
  for (auto& media : changed.media) media.security.setup = "passive";
  CHECK(kind(changed) == "invalid");
  changed = asked;
  for (auto& media : changed.media)
    std::erase_if(media.codecs, [](const auto& c) { return c.name != "vp8"; });
  CHECK(kind(changed) == "unavailable");
}

TEST_CASE("a history keeps the GOP and a moment before it", "[history]") {
  History history;
  std::uint32_t number = 0;
  for (int i = 0; i < 200; ++i) history.push(frame(number++, i % 50 == 0, milliseconds(40 * i), 100));
  CHECK(history.frames()[history.last_key()]->number == 150);
  CHECK(history.frames().front()->number <= 150);
  CHECK(history.find(199));
  CHECK(history.find(160)->number == 160);
  CHECK_FALSE(history.find(20));
  CHECK_FALSE(history.find(200));
  CHECK(history.bitrate() > 15'000);
  CHECK(history.bitrate() < 25'000);
  // A GOP too large to keep: nobody starts from it.
  for (int i = 0; i < 20; ++i) history.push(frame(number++, i == 0, milliseconds(8000 + 40 * i), 1U << 20U));
  CHECK(history.last_key() >= history.frames().size());
  history.push(frame(number++, true, milliseconds(9000), 10));
  CHECK(history.frames()[history.last_key()]->key);
}

TEST_CASE("a good line stays at the best rendition", "[rate]") {
  Line line;
  line.run(seconds(60), 10'000'000);
  CHECK(line.step == 2);
}

TEST_CASE("a squeezed line ends at what fits within five seconds, and comes back within twenty", "[rate]") {
  Line line;
  line.run(seconds(10), 10'000'000);
  line.run(seconds(5), 400'000);
  CHECK(line.step == 1);
  line.run(seconds(20), 10'000'000);
  CHECK(line.step == 2);
}

TEST_CASE("a line for sound alone gets sound alone, and everything back later", "[rate]") {
  Line line;
  line.run(seconds(5), 100'000);
  CHECK(line.step == 0);
  line.run(seconds(60), 10'000'000);
  CHECK(line.step == 2);
}

TEST_CASE("a line between two steps is not tried over and over", "[rate]") {
  Line line;
  line.run(seconds(10), 600'000);
  CHECK(line.step == 1);
  int changes = 0;
  for (int i = 0; i < 60; ++i) {
    const auto before = line.step;
    line.run(seconds(1), 600'000);
    changes += line.step != before ? 1 : 0;
  }
  CHECK(changes <= 2);
  CHECK(line.step == 1);
}

TEST_CASE("a viewer's own estimate is believed", "[rate]") {
  RateController controller{RateController::Time{}};
  const std::vector<std::uint64_t> rates{40'000, 300'000, 1'000'000};
  RateController::Time now{};
  std::size_t step = 2;
  for (int i = 0; i < 20; ++i, now += milliseconds(200)) {
    LineReport report;
    report.remb = 350'000;
    step = controller.update(rates, rates[step], report, now).step;
  }
  CHECK(step == 1);
}

TEST_CASE("arrivals tell loss, rate and queueing", "[rate]") {
  FeedbackMeter meter;
  LineReport report;
  for (std::uint32_t i = 0; i < 100; ++i)
    meter.arrived(1000, 0xFFFFF000U + i * 10'000, 5'000'000 + i * 10'000);
  meter.report(report);
  CHECK(report.loss == 0.0);
  CHECK_FALSE(report.delivered);  // of one report nobody knows when its first packet might have come
  CHECK(report.queueing == milliseconds(0));
  for (std::uint32_t i = 100; i < 200; ++i) {
    if (i % 4 == 0) {
      meter.lost();
    } else {
      meter.arrived(1000, 0xFFFFF000U + i * 10'000, 5'200'000 + i * 10'000);
    }
  }
  meter.report(report);
  CHECK(*report.loss == Approx(25 / 190.0));  // of these hundred, and nine tenths of those before
  CHECK(report.queueing == milliseconds(200));
  CHECK(*report.delivered / 1000 == 500);  // 75 packets in 1.2 s
}

TEST_CASE("the rate of a line is no lower than the line, however few packets a report has", "[rate]") {
  // 300 kbit/s in packets of 1200 bytes, 32 ms each, a report every 200 ms; now and then one of twice that.
  FeedbackMeter meter;
  std::int64_t arrival = 0;
  std::uint64_t least = UINT64_MAX;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < (round % 7 == 0 ? 12 : 6); ++i) {
      arrival += 32'000;
      meter.arrived(1200, static_cast<std::uint32_t>(arrival), arrival);
    }
    LineReport report;
    meter.report(report);
    if (report.delivered) least = std::min(least, *report.delivered);
  }
  CHECK(least > 299'000);
  // What comes after a pause is not measured over the pause.
  meter.forget();
  arrival += 5'000'000;
  LineReport report;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 6; ++i) {
      arrival += 32'000;
      meter.arrived(1200, static_cast<std::uint32_t>(arrival), arrival);
    }
    meter.report(report);
  }
  CHECK(report.delivered > 299'000);
}

TEST_CASE("even loss stays what it is in windows of a few packets", "[rate]") {
  FeedbackMeter meter;
  std::mt19937 chance(20261125);
  std::bernoulli_distribution drops(0.05);
  double most = 0;
  for (std::uint32_t window = 0; window < 1000; ++window) {
    for (std::uint32_t i = 0; i < 22; ++i) {
      if (drops(chance)) {
        meter.lost();
      } else {
        meter.arrived(1000, window * 200'000 + i * 9'000, window * 200'000 + i * 9'000);
      }
    }
    LineReport report;
    meter.report(report);
    if (window > 5) most = std::max(most, *report.loss);
  }
  CHECK(most < 0.10);
  // And heavy loss is seen within half a second.
  LineReport report;
  for (int window = 0; window < 2; ++window) {
    for (int i = 0; i < 22; ++i) meter.lost();
    meter.report(report);
  }
  CHECK(*report.loss > 0.10);
}
