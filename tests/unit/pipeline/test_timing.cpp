#include <random>
#include <vector>

#include "pipeline/worker/av/codec_string.hpp"
#include "pipeline/worker/av/random_access.hpp"
#include "pipeline/worker/timing/media_clock.hpp"
#include "pipeline/worker/timing/part_cutter.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"
#include "pipeline/worker/timing/timeline.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::pipeline::worker;
using namespace tongke::pipeline::worker::timing;
using namespace std::chrono_literals;
using base::MediaTime;
using Bytes = std::vector<std::uint8_t>;

namespace {

constexpr MediaTime kPart = 200ms;
constexpr MediaTime kSegment = 2s;

}  // namespace

TEST_CASE("timeline: a keyframe ends a segment of three quarters of the target") {
  struct Case {
    MediaTime at;
    bool keyframe;
    std::uint32_t msn;
  };
  const auto& c = GENERATE(values<Case>(
      {{1499ms, true, 5}, {1500ms, true, 6}, {2000ms, false, 5}, {2360ms, false, 5}, {2361ms, false, 6}}));
  Timeline timeline(kSegment, 0us, 5, true);
  CHECK(timeline.video(c.at, 40ms, c.keyframe, false).msn == c.msn);
}

TEST_CASE("timeline: a segment without a keyframe is rescued by the next one") {
  Timeline timeline(kSegment, 0us, 0, true);
  CHECK_FALSE(timeline.video(2400ms, 40ms, false, false).independent);
  CHECK(timeline.video(2760ms, 40ms, true, false).msn == 1);
  const Segment rescued = timeline.video(2800ms, 40ms, true, false);
  CHECK(rescued == Segment{2, 2800ms, true});
}

TEST_CASE("timeline: audio follows video's boundaries by where most of a frame lies") {
  Timeline timeline(kSegment, 0us, 0, true);
  REQUIRE(timeline.video(2s, 40ms, true, false).msn == 1);
  CHECK(timeline.audio(1985ms, 1995ms, false).msn == 0);
  CHECK(timeline.audio(1995ms, 2005ms, false).msn == 1);
  // Alone, it cuts at the target.
  CHECK(timeline.audio(3980ms, 3990ms, true).msn == 1);
  CHECK(timeline.audio(4000ms, 4010ms, true) == Segment{2, 4000ms, false});
  // Video that comes back finds its place.
  CHECK(timeline.video(3500ms, 40ms, false, false).msn == 1);
  CHECK(timeline.video(4100ms, 40ms, false, false).msn == 2);
}

TEST_CASE("timeline: new parameters cut at once, asked-for cuts at the next chance") {
  Timeline timeline(kSegment, 0us, 0, true);
  CHECK(timeline.video(100ms, 40ms, true, true).msn == 1);
  timeline.request_cut();
  CHECK(timeline.audio(150ms, 160ms, false).msn == 1);
  CHECK(timeline.video(160ms, 40ms, false, false).msn == 2);
  CHECK(timeline.video(200ms, 40ms, false, false).msn == 2);
}

TEST_CASE("parts: lengths stay between 85 % and 105 % of the target at every usual frame rate") {
  const double rate = GENERATE(15.0, 20.0, 23.976, 24.0, 25.0, 29.97, 30.0, 48.0, 50.0, 59.94, 60.0);
  const bool rounded = GENERATE(false, true);  // FLV knows milliseconds only
  INFO(rate << " rounded " << rounded);
  PartCutter cutter(PartCutter::Rule::video, kPart);
  const Segment segment{0, 0us, true};
  MediaTime part_start{0};
  MediaTime before{0};
  for (int i = 0; i < static_cast<int>(rate * 20); ++i) {
    const double exact = i / rate * 1e6;
    const MediaTime at(
        static_cast<std::int64_t>(rounded ? std::round(exact / 1000) * 1000 : std::round(exact)));
    const Place place = cutter.place(segment, at, at - before);
    if (place.begins_part && i > 0) {
      CHECK(at - part_start <= 210ms);
      CHECK(at - part_start >= 178ms);
      part_start = at;
    }
    before = at;
  }
}

TEST_CASE("parts: audio keeps to the grid, within one frame of the target") {
  const std::int64_t rate = GENERATE(32000, 44100, 48000);
  PartCutter cutter(PartCutter::Rule::audio, kPart);
  const Segment segment{7, 10s, true};
  const MediaTime frame = from_units(1024, rate);
  MediaTime part_start = 10s;
  const std::int64_t first = to_units(10s, rate);
  std::uint32_t index = 0;
  for (std::int64_t i = 0; i < 90; ++i) {
    const MediaTime at = from_units(first + i * 1024, rate);
    const Place place = cutter.place(segment, at, frame);
    if (place.begins_part && i > 0) {
      CHECK(at - part_start < kPart + frame);
      CHECK((at - part_start) * 100 >= (kPart + frame) * 80);
      CHECK(place.index == ++index);
      CHECK(std::chrono::abs(at - 10s - kPart * index) <= frame / 2 + 1us);
      part_start = at;
    }
  }
}

TEST_CASE("clock: both tracks keep their distance, and the first keyframe has the start") {
  MediaClock clock(3600s, 90s);
  CHECK(clock.map(TrackKind::video, 3600s, 40ms) == 90s);
  CHECK(clock.map(TrackKind::audio, 3600s + 15ms, 20ms) == 90s + 15ms);
  CHECK(clock.map(TrackKind::video, 3600s + 40ms, 40ms) == 90s + 40ms);
  CHECK(clock.jumps() == 0);
}

TEST_CASE("clock: a jump is bridged once for both tracks") {
  const MediaTime jump = GENERATE(as<MediaTime>(), 20s, 500s, -20s, -3600s);
  INFO(jump.count());
  MediaClock clock(5000s, 0s);
  MediaTime input = 5000s;
  const auto feed = [&](MediaTime by) {
    std::vector<MediaTime> out;
    for (int i = 0; i < 50; ++i) {
      out.push_back(clock.map(TrackKind::video, input + by, 40ms));
      out.push_back(clock.map(TrackKind::audio, input + by + 10ms, 40ms));
      input += 40ms;
    }
    return out;
  };
  auto times = feed(0s);
  const auto after = feed(jump);
  times.insert(times.end(), after.begin(), after.end());
  for (std::size_t i = 2; i < times.size(); ++i) {
    CHECK(times[i] - times[i - 2] > 0us);
    CHECK(times[i] - times[i - 2] <= 60ms);
  }
  CHECK(clock.jumps() == 1);
  CHECK(after[1] - after[0] == 10ms);
}

TEST_CASE("clock: one track may pause for long while the other goes on") {
  MediaClock clock(0s, 0s);
  (void)clock.map(TrackKind::video, 0s, 40ms);
  for (MediaTime at = 0s; at < 20s; at += 20ms) CHECK(clock.map(TrackKind::audio, at, 20ms) == at);
  CHECK(clock.map(TrackKind::video, 20s, 40ms) == 20s);
  CHECK(clock.jumps() == 0);
}

TEST_CASE("clock: after a restart media time goes on where it is told to") {
  MediaClock clock(0s, 0s);
  (void)clock.map(TrackKind::video, 0s, 40ms);
  clock.restart(10s);
  CHECK(clock.map(TrackKind::video, 777s, 40ms) == 10s);
  CHECK(clock.map(TrackKind::audio, 777s + 5ms, 20ms) == 10s + 5ms);
}

TEST_CASE("clock: whatever the input's times, media time advances") {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int64_t> anything(-400'000'000, 400'000'000);
  MediaClock clock(0s, 5s);
  MediaTime high{0};
  for (int i = 0; i < 20'000; ++i) {
    const auto track = i % 3 == 0 ? TrackKind::audio : TrackKind::video;
    const MediaTime at = clock.map(track, MediaTime(anything(random)), 20ms);
    CHECK(at >= 5s - 3s);
    CHECK(at <= high + 5s + 3s + 20ms);
    high = std::max(high, at - 5s);
  }
}

TEST_CASE("sample clock: rounded times become exact ones, holes and overlaps are seen") {
  SampleClock clock(44100);
  std::int64_t expected = 0;
  for (int i = 0; i < 3000; ++i) {
    const MediaTime rounded =
        std::chrono::duration_cast<std::chrono::milliseconds>(from_units(expected, 44100));
    REQUIRE(clock.position(rounded, 1024) == expected);
    expected += 1024;
  }
  const MediaTime later = from_units(expected, 44100) + 300ms;
  CHECK(clock.position(later, 1024) == to_units(later, 44100));
  CHECK_FALSE(clock.position(later - 200ms, 1024));
}

TEST_CASE("sample clock: a source that drifts is followed without a jump") {
  SampleClock clock(48000);
  std::int64_t last = -1024;
  MediaTime at{0};
  for (int i = 0; i < 150'000; ++i) {  // 53 minutes, 200 ppm fast
    at = MediaTime(static_cast<std::int64_t>(i * 1024 / 48000.0 * 1e6 * 1.0002));
    const auto position = clock.position(at, 1024);
    REQUIRE(position);
    CHECK(std::abs(*position - last - 1024) <= 1);
    last = *position;
  }
  CHECK(std::chrono::abs(from_units(last, 48000) - at) < 10ms);
}

TEST_CASE("codec strings follow RFC 6381") {
  CHECK(*av::avc_codec_string(Bytes{1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 4}) == "avc1.64001f");
  CHECK(*av::avc_codec_string(Bytes{1, 0x42, 0xc0, 0x0a, 0xff, 0xe1, 0, 4}) == "avc1.42c00a");
  CHECK_FALSE(av::avc_codec_string(Bytes{0, 0, 0, 1, 0x67, 0x42, 0, 0}));
  CHECK_FALSE(av::avc_codec_string(Bytes{1, 0x64}));
  CHECK(*av::aac_codec_string(Bytes{0x12, 0x10}) == "mp4a.40.2");
  CHECK(*av::aac_codec_string(Bytes{0x2b, 0x92}) == "mp4a.40.5");
  CHECK(*av::aac_codec_string(Bytes{0xf9, 0x40}) == "mp4a.40.42");
  CHECK_FALSE(av::aac_codec_string(Bytes{0x12}));
  CHECK_FALSE(av::aac_codec_string(Bytes{0, 0}));
}

TEST_CASE("random access: IDR pictures and recovery points, never beyond the bytes") {
  CHECK(av::is_random_access(Bytes{0, 0, 0, 2, 0x09, 0x10, 0, 0, 0, 2, 0x65, 0x88}));
  CHECK_FALSE(av::is_random_access(Bytes{0, 0, 0, 2, 0x41, 0x9a}));
  CHECK(av::is_random_access(Bytes{0, 0, 0, 8, 0x06, 1, 1, 0x10, 6, 1, 0xc4, 0x80, 0, 0, 0, 2, 0x41, 0x9a}));
  CHECK_FALSE(av::is_random_access(Bytes{0, 0, 0, 5, 0x06, 5, 1, 0x10, 0x80}));
  CHECK_FALSE(av::is_random_access(Bytes{0xff, 0xff, 0xff, 0xff, 0x65}));
  CHECK_FALSE(av::is_random_access(Bytes{0, 0, 0, 4, 0x06, 0xff, 0xff, 0xff}));
  CHECK_FALSE(av::is_random_access(Bytes{}));
}
