#include <vector>

#include "relay/webrtc/opus_group.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;

namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr std::uint8_t kCelt20 = 31U << 3U;  // full band, 20 ms, mono, one frame
constexpr std::uint8_t kSilk60 = 3U << 3U;
constexpr std::uint8_t kCelt10 = 30U << 3U;
constexpr std::uint8_t kTwoFrames = kCelt20 | 1U;

FramePtr sound(std::uint8_t toc, Bytes bytes, std::uint32_t number, std::uint32_t rtp_time) {
  bytes.insert(bytes.begin(), toc);
  auto frame = std::make_shared<MediaFrame>();
  frame->kind = pipeline::wire::TrackKind::audio;
  frame->number = number;
  frame->rtp_time = rtp_time;
  frame->packets = {{.at = 0, .size = static_cast<std::uint16_t>(bytes.size()), .padding = 0}};
  frame->bytes = base::SharedBytes(std::move(bytes));
  return frame;
}

Bytes payload(const FramePtr& frame) {
  const auto view = frame->payload(0);
  return {view.begin(), view.end()};
}

}  // namespace

TEST_CASE("three Opus frames of 20 ms leave as one packet", "[opus]") {
  OpusGroup group;
  group.add(sound(kCelt20, {1, 2, 3}, 7, 960));
  CHECK_FALSE(group.full());
  const auto second = sound(kCelt20, {4, 5}, 8, 1920);
  REQUIRE(group.takes(*second));
  group.add(second);
  const auto third = sound(kCelt20, {6}, 9, 2880);
  REQUIRE(group.takes(*third));
  group.add(third);
  CHECK(group.full());
  CHECK(group.last() == 9);

  const auto joined = group.joined();
  CHECK(payload(joined) == Bytes{kCelt20 | 3U, 0x80U | 3U, 3, 2, 1, 2, 3, 4, 5, 6});
  CHECK(joined->rtp_time == 960);
  CHECK(joined->number == 7);
  REQUIRE(joined->batches.size() == 1);
  CHECK(joined->batches.front().bytes == 10);
  group.clear();
  CHECK(group.empty());
}

TEST_CASE("lengths from 252 on take two bytes", "[opus]") {
  for (const std::size_t length : {251U, 252U, 255U, 256U, 600U}) {
    CAPTURE(length);
    OpusGroup group;
    group.add(sound(kCelt20, Bytes(length, 1), 0, 0));
    group.add(sound(kCelt20, {2}, 1, 960));
    const auto bytes = payload(group.joined());
    std::size_t read = bytes[2];
    std::size_t at = 3;
    if (read >= 252) read += std::size_t{bytes[at++]} * 4;
    CHECK(read == length);
    CHECK(bytes.size() == at + length + 1);
  }
}

TEST_CASE("what cannot share a packet", "[opus]") {
  struct Row {
    const char* what;
    FramePtr before, next;
    bool full, takes;
  };
  const Row rows[] = {
      {"the next frame", sound(kCelt20, {1}, 0, 960), sound(kCelt20, {1}, 1, 1920), false, true},
      {"a gap between them", sound(kCelt20, {1}, 0, 960), sound(kCelt20, {1}, 1, 2880), false, false},
      {"another sort", sound(kCelt20, {1}, 0, 960), sound(kCelt10, {1}, 1, 1920), false, false},
      {"long enough by itself", sound(kSilk60, {1}, 0, 0), sound(kSilk60, {1}, 1, 2880), true, true},
      {"already two frames", sound(kTwoFrames, {1, 2}, 0, 0), sound(kTwoFrames, {1, 2}, 1, 1920), true,
       false},
      {"too much for a packet", sound(kCelt20, Bytes(800), 0, 0), sound(kCelt20, Bytes(500), 1, 960), false,
       false},
      {"time that wraps", sound(kCelt20, {1}, 0, 0xFFFFFF00U), sound(kCelt20, {1}, 1, 0x2C0U), false, true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    OpusGroup group;
    CHECK(group.takes(*row.before));
    group.add(row.before);
    CHECK(group.full() == row.full);
    CHECK(group.takes(*row.next) == row.takes);
    CHECK(payload(group.joined()) == payload(row.before));
  }
}
