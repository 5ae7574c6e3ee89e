#include "relay/output/backoff.hpp"
#include "relay/output/delay_line.hpp"
#include "relay/output/destination.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace tongke::relay::output;
using namespace std::chrono_literals;
using pipeline::wire::OutputFormat;

namespace {

/// A rendition of segments of two seconds, four parts each.
class Made {
 public:
  explicit Made(std::string id) { snapshot_.id = std::move(id); }

  /// Adds parts up to here.
  void grow(base::MediaTime until) {
    while (at_ < until) {
      if (open_.parts.size() == 4) close();
      open_.info.msn = msn_;
      if (open_.parts.empty()) open_.info.start = at_;
      open_.parts.push_back({.index = static_cast<std::uint32_t>(open_.parts.size()),
                             .independent = open_.parts.empty(),
                             .start = at_,
                             .duration = 500ms,
                             .bytes = base::SharedBytes({1})});
      at_ += 500ms;
    }
  }
  /// Only so many segments are in memory.
  void forget(std::size_t left) {
    if (whole_.size() > left) whole_.erase(whole_.begin(), whole_.end() - static_cast<std::ptrdiff_t>(left));
  }
  live::RenditionSnapshot now() const {
    auto made = snapshot_;
    made.inits =
        std::make_shared<const live::RenditionSnapshot::Inits>(live::RenditionSnapshot::Inits{init_});
    made.history = std::make_shared<const live::SegmentHistory>();
    made.held = whole_;
    if (!open_.parts.empty()) made.held.push_back(std::make_shared<const live::HeldSegment>(open_));
    return made;
  }

 private:
  void close() {
    open_.complete = true;
    whole_.push_back(std::make_shared<const live::HeldSegment>(open_));
    open_ = {};
    ++msn_;
  }

  live::RenditionSnapshot snapshot_;
  std::shared_ptr<const live::RenditionInit> init_ = std::make_shared<const live::RenditionInit>();
  std::vector<std::shared_ptr<const live::HeldSegment>> whole_;
  live::HeldSegment open_;
  std::uint32_t msn_ = 0;
  base::MediaTime at_{0};
};

std::vector<base::MediaTime> taken(DelayLine& line, base::MediaTime until) {
  std::vector<base::MediaTime> starts;
  while (const auto piece = line.take(until)) starts.push_back(piece->start);
  return starts;
}

}  // namespace

TEST_CASE("output: each part is read once and given when it is due") {
  Made made("src");
  DelayLine line(1min);
  made.grow(1s);
  line.read(made.now());
  line.read(made.now());
  made.grow(5s);
  line.read(made.now());
  CHECK(taken(line, 1s) == std::vector<base::MediaTime>{0ms, 500ms, 1s});
  CHECK(taken(line, 10s).size() == 7);
  CHECK(line.end() == 5s);
  CHECK(line.dropped_segments() == 0);
}

TEST_CASE("output: what is never taken is dropped by whole segments") {
  Made made("src");
  DelayLine line(4s);
  made.grow(9s);
  line.read(made.now());
  CHECK(line.dropped_segments() == 3);
  CHECK(taken(line, 10s).front() == 6s);
}

TEST_CASE("output: segments that left memory unread are counted") {
  Made made("src");
  DelayLine line(1min);
  made.grow(2500ms);
  line.read(made.now());
  made.grow(12s);
  made.forget(2);
  line.read(made.now());
  CHECK(line.dropped_segments() == 2);  // most of 1, and 2; 5 is being made
  CHECK(taken(line, 1min).back() == 11500ms);
}

TEST_CASE("output: a destination begins with a part that can be begun with") {
  Made made("src");
  DelayLine line(1min);
  made.grow(3s);
  line.read(made.now());
  line.skip_to(2500ms);
  CHECK(taken(line, 1min).empty());  // it is yet to come
  made.grow(5s);
  line.read(made.now());
  CHECK(taken(line, 1min) == std::vector<base::MediaTime>{4s, 4500ms});
}

TEST_CASE("output: another rendition goes on where the first ended") {
  Made own("src-audio");
  Made common("audio");
  DelayLine line(1min);
  own.grow(4s);
  common.grow(8s);
  line.read(own.now());
  line.read(common.now());
  CHECK(taken(line, 1min).size() == 16);
  CHECK(line.end() == 8s);
}

TEST_CASE("output: lines of the configuration") {
  const auto cable =
      destination_from("cable-3 | ts | udp://239.10.0.3:5000?ttl=4 | rate=4500k | name=三年级 | delay=45s");
  REQUIRE(cable);
  CHECK(*cable == Destination{.name = "cable-3",
                              .format = OutputFormat::mpegts,
                              .url = "udp://239.10.0.3:5000?ttl=4",
                              .rate_bps = 4'500'000,
                              .service_name = "三年级",
                              .delay = 45s});
  const auto plain = destination_from("head-end|ts|srt://10.0.0.1:9000");
  REQUIRE(plain);
  CHECK((plain->delay == 30s && plain->rate_bps == 5'000'000 && plain->service_name == "head-end"));
  CHECK_FALSE(plain->wants_key());
  CHECK_FALSE(plain->layer2);
  const auto old_boxes = destination_from("a | ts | udp://h:1 | audio=mp2");
  REQUIRE(old_boxes);
  CHECK(old_boxes->layer2);
  const auto restream = destination_from("dingtalk | rtmp | rtmps://push.example.com/live");
  REQUIRE(restream);
  CHECK((restream->delay == 3s && restream->wants_key()));

  const auto wrong = GENERATE(
      as<std::string>{}, "", "a | ts", "a b | ts | udp://h:1", "a | file | udp://h:1", "a | ts | rtmp://h/a",
      "a | rtmp | udp://h:1", "a | ts | udp://h", "a | ts | udp://:1", "a | ts | udp://u@h:1",
      "a | ts | udp://[::1]", "a | ts | srt://h:1?mode=listener", "a | ts | udp://h:1?pkt_size=99",
      "a | rtmp | rtmp://", "a | ts | udp://h:1 | rate=5", "a | ts | udp://h:1 | rate=100M",
      "a | ts | udp://h:1 | delay=1s", "a | ts | udp://h:1 | delay=10m", "a | rtmp | rtmp://h/a | rate=5M",
      "a | ts | udp://h:1 | name=", "a | ts | udp://h:1 | audio=mp3", "a | rtmp | rtmp://h/a | audio=mp2",
      "a | rtmp | rtmp://h/a b");
  INFO(wrong);
  CHECK_FALSE(destination_from(wrong));
}

TEST_CASE("output: keys belong to destinations and are not repeated in what is said of them") {
  const std::vector<std::string> lines = {"a | rtmp | rtmp://h/live", "b | ts | srt://h:1",
                                          "c | ts | udp://h:1"};
  const auto all = destinations_from(lines, {"a=k?x=1", "b=passphrase-1"});
  REQUIRE(all);
  CHECK(((*all)[0].key == "k?x=1" && (*all)[1].key == "passphrase-1" && !(*all)[0].wants_key()));
  for (const std::vector<std::string>& keys :
       std::vector<std::vector<std::string>>{{"d=secret-word"},
                                             {"a=secret-word", "a=secret-word"},
                                             {"c=secret-word"},
                                             {"b=secret"},
                                             {"a=secret word"}}) {
    const auto failed = destinations_from(lines, keys);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().message.find("secret") == std::string::npos);
  }
  CHECK_FALSE(destinations_from({lines[0], lines[0]}, {}));
}

TEST_CASE("output: a dead destination is tried less and less often, a good one at once again") {
  Backoff backoff;
  std::vector<std::chrono::milliseconds> waits;
  for (int i = 0; i < 7; ++i) waits.push_back(backoff.failed(0ms));
  CHECK(waits == std::vector<std::chrono::milliseconds>{1s, 2s, 4s, 8s, 16s, 30s, 30s});
  CHECK(backoff.failed(59s) == 30s);
  CHECK(backoff.failed(60s) == 1s);
}
