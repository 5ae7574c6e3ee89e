#include <set>

#include "pipeline/worker/ladder/layer.hpp"
#include "tests/support/catch.hpp"

// Whether a smaller stream of the publisher's can be a step of the ladder, and where its segments begin.

using namespace tongke;
using namespace tongke::pipeline::worker;
using namespace tongke::pipeline::worker::ladder;
using namespace std::chrono_literals;
using base::MediaTime;

namespace {

StreamConfig picture(std::uint32_t width, std::uint32_t height, const std::string& codec = "h264") {
  return {.codec = codec, .width = width, .height = height};
}

const pipeline::wire::LadderStep& k360p = *pipeline::wire::find_step("360p");

/// A source of ten pictures a second in segments of two seconds, and a layer beside it.
struct Sender {
  Layer layer{k360p};
  std::shared_ptr<const StreamConfig> config = std::make_shared<const StreamConfig>(picture(640, 360));
  MediaTime off = 40ms;             ///< the layer's clock, late
  std::size_t bytes = 4'000;        ///< of each picture of it: 320 kbit/s
  std::set<std::uint32_t> without;  ///< segments whose keyframe of the layer is lost
  MediaTime silent_from = 1h;
  bool layer_first = false;  ///< its pictures come before the source's
  std::vector<Made> made;

  void picture_at(std::uint32_t number) {
    const std::uint32_t msn = number / 20;
    const MediaTime pts = number * MediaTime(100ms);
    const bool key = number % 20 == 0;
    const timing::Segment segment{.msn = msn, .start = msn * MediaTime(2s), .independent = true};
    const auto add = [&] {
      if (pts < silent_from)
        layer.add(config, pts + off, key && !without.contains(msn), std::vector<std::uint8_t>(bytes));
    };
    if (layer_first) add();
    layer.source(segment, pts, key);
    if (!layer_first) add();
    for (Made& each : layer.take()) made.push_back(std::move(each));
  }
  void pictures(std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t number = from; number < to; ++number) picture_at(number);
  }
};

}  // namespace

TEST_CASE("layer: which step a smaller picture can be") {
  struct Case {
    StreamConfig layer, source;
    std::string step;
  };
  const auto c = GENERATE(values<Case>({
      {picture(640, 360), picture(1280, 720), "360p"},
      {picture(320, 180), picture(1280, 720), ""},
      {picture(960, 540), picture(1920, 1080), "480p"},
      {picture(480, 270), picture(1920, 1080), "240p"},
      {picture(360, 640), picture(720, 1280), "360p"},
      {picture(640, 368), picture(1280, 720), "360p"},
      {picture(640, 480), picture(1280, 720), ""},  // another picture: a screen, say
      {picture(1280, 720), picture(640, 360), ""},  // the larger is the source soon
      {picture(640, 360), picture(640, 360), ""},
      {picture(640, 360, "vp8"), picture(1280, 720), ""},
      {picture(0, 0), picture(1280, 720), ""},
  }));
  INFO(c.layer.width << 'x' << c.layer.height << " of " << c.source.width << 'x' << c.source.height);
  const auto* step = Layer::step_of(c.layer, c.source);
  CHECK((step ? std::string(step->name) : "") == c.step);
}

TEST_CASE("layer: its keyframes put it on the source's segments, whoever comes first") {
  Sender sender;
  sender.layer_first = GENERATE(false, true);
  sender.off = GENERATE(MediaTime(-150ms), MediaTime(0ms), MediaTime(150ms));
  sender.pictures(0, 60);
  CHECK_FALSE(sender.layer.trusted());
  CHECK_FALSE(sender.layer.newest() == std::nullopt);
  sender.pictures(60, 64);
  CHECK(sender.layer.trusted());
  CHECK(sender.layer.newest() == 3);
  REQUIRE(sender.layer.start(2, true));
  sender.pictures(64, 82);

  CHECK(sender.made.front().segment.msn == 2);
  CHECK(sender.made.back().segment.msn == 4);
  std::set<std::uint32_t> begun;
  for (std::size_t i = 0; i < sender.made.size(); ++i) {
    const Made& each = sender.made[i];
    if (!begun.insert(each.segment.msn).second) {
      CHECK(each.pts - sender.made[i - 1].pts == 100ms);
      continue;
    }
    CHECK(each.keyframe);
    CHECK(each.pts == each.segment.start);
  }
}

TEST_CASE("layer: a segment whose keyframe is missing takes the trust, and twice as many give it back") {
  Sender sender;
  sender.without = {4};
  sender.pictures(0, 80);
  REQUIRE(sender.layer.trusted());
  sender.pictures(80, 85);
  CHECK_FALSE(sender.layer.trusted());
  CHECK(sender.layer.newest() == std::nullopt);
  sender.pictures(85, 20 * 11);
  CHECK_FALSE(sender.layer.trusted());
  sender.pictures(20 * 11, 20 * 11 + 2);
  CHECK(sender.layer.trusted());
}

TEST_CASE("layer: more bits than the step declares are no step") {
  Sender sender;
  sender.pictures(0, 80);
  REQUIRE(sender.layer.trusted());
  sender.bytes = 8'000;
  sender.pictures(80, 200);
  CHECK_FALSE(sender.layer.trusted());
  CHECK(sender.layer.newest() == 9);
}

TEST_CASE("layer: one that falls silent is not waited for") {
  Sender sender;
  sender.silent_from = 8500ms;
  sender.pictures(0, 94);
  CHECK(sender.layer.trusted());
  CHECK_FALSE(sender.layer.silent());
  sender.pictures(94, 98);
  CHECK(sender.layer.silent());
  CHECK_FALSE(sender.layer.trusted());
}

TEST_CASE("layer: it begins only with what is there whole") {
  Sender sender;
  CHECK_FALSE(sender.layer.start(0, false));
  sender.pictures(0, 20 * 10 + 2);
  CHECK_FALSE(sender.layer.start(5, true));
  CHECK(sender.layer.start(5, false));
  CHECK(sender.layer.take().front().segment.msn == 7);
  CHECK(sender.layer.start(9, true));
  CHECK_FALSE(sender.layer.start(11, false));
  sender.layer.stop();
  CHECK(sender.layer.take().empty());
}

TEST_CASE("layer: a source that has stopped does not pile pictures up") {
  Sender sender;
  sender.pictures(0, 80);
  for (int i = 0; i < 1'000; ++i)
    sender.layer.add(sender.config, 8s + i * 33ms, true, std::vector<std::uint8_t>(10));
  CHECK_FALSE(sender.layer.trusted());
}
