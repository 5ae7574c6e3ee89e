#include "relay/channel/channel.hpp"

#include <regex>

#include "relay/channel/pick.hpp"
#include "relay/channel/ts_times.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_lesson.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace std::chrono_literals;
using channel::Candidate;
using channel::Channel;

namespace {

constexpr channel::Resting kRest{.base = "/rest/", .name = "0123456789abcdef"};

/// A lesson as a child makes it, one segment of two seconds at a time.
class Taught {
 public:
  explicit Taught(const std::string& id) : timeline(id, test::kLessonStart) {
    timeline.init(test::video_init());
  }
  void teach(std::uint32_t segments) {
    for (; segments != 0; --segments, ++next_) test::add_segment(timeline, "src", next_, next_ * 2s);
  }
  live::Timeline timeline;

 private:
  std::uint32_t next_ = 0;
};

/// What a player that reads the list every two seconds has been given, and whether it hung together.
class Watcher {
 public:
  void advance(std::chrono::seconds by = 2s) {
    now_ += by;
    std::optional<channel::Showing> showing;
    if (taught != nullptr) {
      snapshot_ = taught->timeline.snapshot();
      showing = {.snapshot = snapshot_.get(), .lesson = snapshot_->lesson, .token = "tok", .on_air = on_air};
    }
    channel::Resting resting = kRest;
    resting.clip = clip;
    channel.advance(now_, showing, resting);
    read();
  }
  /// All that was listed so far, "|" for a discontinuity: "r0 r1 | l1/0 | r0".
  [[nodiscard]] std::string seen() const { return seen_; }
  [[nodiscard]] std::uint32_t first() const { return first_; }
  [[nodiscard]] std::uint32_t breaks() const { return breaks_; }

  Channel channel{100, 5s};
  Taught* taught = nullptr;
  std::optional<channel::Resting::Clip> clip;
  bool on_air = true;

 private:
  static std::uint32_t number(const std::string& text, const std::string& tag) {
    const auto at = text.find(tag);
    REQUIRE(at != std::string::npos);
    return static_cast<std::uint32_t>(std::stoul(text.substr(at + tag.size())));
  }
  void read() {
    const std::string text = channel.text();
    const auto first = number(text, "#EXT-X-MEDIA-SEQUENCE:");
    const auto breaks = number(text, "#EXT-X-DISCONTINUITY-SEQUENCE:");
    CHECK(first >= first_);
    CHECK(breaks >= breaks_);
    first_ = first;
    breaks_ = breaks;
    static const std::regex kPiece("(#EXT-X-DISCONTINUITY\n)?#EXTINF:([0-9.]+),\n(\\S+)\n");
    std::uint32_t at = first;
    for (std::sregex_iterator one(text.begin(), text.end(), kPiece), end; one != end; ++one, ++at) {
      if (at < next_) continue;
      if (next_ != 0) CHECK(at == next_);
      next_ = at + 1;
      static const std::regex kLesson("/hls/tok/(\\w+)/compat/(\\d+)\\.ts");
      static const std::regex kResting("/rest/0123456789abcdef\\.(\\d+)\\.ts");
      std::string name = std::regex_replace((*one)[3].str(), kLesson, "$1/$2");
      name = std::regex_replace(name, kResting, "r$1");
      static const std::regex kClip("/clip/fedcba9876543210\\.(\\d+)\\.ts");
      name = std::regex_replace(name, kClip, "c$1");
      seen_ += (seen_.empty() ? "" : " ") + std::string((*one)[1].matched ? "| " : "") + name;
    }
  }

  Channel::Time now_{1h};
  std::shared_ptr<const live::LessonSnapshot> snapshot_;
  std::string seen_;
  std::uint32_t first_ = 0;
  std::uint32_t next_ = 0;
  std::uint32_t breaks_ = 0;
};

}  // namespace

TEST_CASE("channel: rest goes on as time does, and begins with enough to play") {
  Watcher watcher;
  watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3");
  CHECK(watcher.first() == 100);
  watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3");
  watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3 r4");
  for (int i = 0; i < 20; ++i) watcher.advance();
  CHECK(watcher.seen().ends_with("r13 r14"));
  CHECK(watcher.first() == 107);
  CHECK(watcher.breaks() == 100);
}

TEST_CASE("channel: lesson, rest, next lesson in one list") {
  Watcher watcher;
  watcher.advance();
  Taught maths("maths");
  watcher.taught = &maths;
  maths.teach(1);  // half a stretch
  watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3");
  maths.teach(1);
  watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3 | maths/0");
  CHECK(watcher.channel.lesson() == "maths");
  for (int i = 0; i < 4; ++i) {
    maths.teach(1);
    watcher.advance();
  }
  CHECK(watcher.seen() == "r0 r1 r2 r3 | maths/0 maths/1 maths/2");
  // It ends with half a stretch, which is shown before anything else.
  maths.teach(1);
  maths.timeline.end();
  watcher.on_air = false;
  watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3 | maths/0 maths/1 maths/2 maths/3");
  watcher.advance();
  watcher.taught = nullptr;
  watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3 | maths/0 maths/1 maths/2 maths/3 | r0");
  watcher.advance();
  watcher.advance();
  Taught music("music");
  watcher.taught = &music;
  watcher.on_air = true;
  music.teach(2);
  watcher.advance();
  CHECK(watcher.seen().ends_with("maths/3 | r0 r1 | music/0"));
  CHECK(watcher.channel.lesson() == "music");
  for (int i = 0; i < 24; ++i) {
    music.teach(1);
    watcher.advance();
  }
  CHECK(watcher.breaks() == 103);
}

TEST_CASE("channel: who tunes in while a lesson is on has its newest, and never what was before") {
  Watcher watcher;
  Taught maths("maths");
  maths.teach(40);
  watcher.taught = &maths;
  watcher.advance();
  CHECK(watcher.seen() == "maths/17 maths/18 maths/19");
  maths.teach(1);
  watcher.advance();
  maths.teach(1);
  watcher.advance();
  CHECK(watcher.seen() == "maths/17 maths/18 maths/19 maths/20");
}

TEST_CASE("channel: a lesson that sends nothing gives way to rest, and comes back without a repeat") {
  Watcher watcher;
  Taught maths("maths");
  maths.teach(6);
  watcher.taught = &maths;
  watcher.advance();
  CHECK(watcher.seen() == "maths/0 maths/1 maths/2");
  watcher.advance();
  watcher.advance();
  watcher.advance();
  CHECK(watcher.seen() == "maths/0 maths/1 maths/2");
  watcher.advance();
  CHECK(watcher.seen() == "maths/0 maths/1 maths/2 | r0 r1 r2");
  watcher.advance();
  CHECK(watcher.channel.lesson().empty());
  maths.timeline.discontinuity();
  maths.teach(2);
  watcher.advance();
  CHECK(watcher.seen().ends_with("r2 | maths/3"));
}

TEST_CASE("channel: a break within the lesson is one of the channel, and so is what was missed of it") {
  Watcher watcher;
  Taught maths("maths");
  maths.teach(2);
  watcher.taught = &maths;
  watcher.advance();
  maths.timeline.discontinuity();
  maths.teach(2);
  watcher.advance(4s);
  CHECK(watcher.seen() == "maths/0 | maths/1");
  maths.teach(40);
  watcher.advance(80s);
  CHECK(watcher.seen() ==
        "maths/0 | maths/1 | maths/15 maths/16 maths/17 maths/18 maths/19 maths/20 maths/21");
  // A break before all that is listed is in the number.
  CHECK(watcher.breaks() == 101);
}

TEST_CASE("channel: what nobody asked for in the meantime is not made up for") {
  Watcher watcher;
  watcher.advance();
  watcher.advance(4h);
  CHECK(watcher.seen().ends_with("r3 r4 r5 r6 r7 r8 r9 r10 r11"));
}

TEST_CASE("channel: the list says what is longer than its target") {
  channel::List list(7, 5s);
  list.add({"a.ts", 4s, false});
  list.add({"b.ts", 6'700ms, true});
  CHECK(list.text() ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:7\n#EXT-X-MEDIA-SEQUENCE:7\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:7\n#EXTINF:4.00000,\na.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:6.70000,\nb."
        "ts\n");
}

TEST_CASE("channel: which lesson is shown") {
  const base::WallTime now{10h};
  struct Row {
    std::vector<Candidate> candidates;
    const char* picked;
  };
  const auto at = [&](const char* id, std::chrono::minutes starts, bool live = true, std::size_t rooms = 1) {
    return Candidate{.lesson = id, .starts = now + starts, .live = live, .rooms = rooms};
  };
  const std::vector<Row> rows{
      {{}, ""},
      {{at("a", -30min)}, "a"},
      {{at("a", 90min)}, "a"},
      {{at("a", -50min), at("b", -5min)}, "b"},
      {{at("a", -50min), at("b", 30min)}, "a"},         // a teacher who tries early takes nobody away
      {{at("a", 60min), at("b", 30min)}, "b"},          //
      {{at("a", -50min), at("b", -5min, false)}, "a"},  // until the next one is there
      {{at("a", -30min, true, 5), at("b", -25min)}, "a"},
      {{at("a", -30min), at("b", -30min)}, "b"},
      {{{.lesson = "a", .starts = now - 30min, .live = true, .order = 1},
        {.lesson = "b", .starts = now - 35min, .live = true}},
       "b"},
  };
  for (const Row& row : rows) {
    const Candidate* picked = channel::pick(row.candidates, now);
    CHECK((picked ? picked->lesson : "") == row.picked);
  }
}

TEST_CASE("channel: a clip is played once on its occasion, from its beginning") {
  const channel::Resting::Clip eyes{
      .base = "/clip/", .name = "fedcba9876543210", .pieces = 3, .occasion = 10};
  Watcher watcher;
  watcher.advance();
  watcher.clip = eyes;
  for (int i = 0; i < 12; ++i) watcher.advance();
  CHECK(watcher.seen() == "r0 r1 r2 r3 | c0 c1 c2 | r0 r1 r2");
  // Its time is over, and a lesson comes before the next.
  watcher.clip.reset();
  Taught maths("maths");
  watcher.taught = &maths;
  maths.teach(4);
  watcher.advance();
  CHECK(watcher.seen().ends_with("r2 | maths/1"));
  watcher.taught = nullptr;
  watcher.clip = eyes;
  watcher.clip->occasion = 20;
  for (int i = 0; i < 8; ++i) watcher.advance();
  CHECK(watcher.seen().find("maths/1 | c0 c1") != std::string::npos);
  // Cut short when the pause is.
  Watcher late;
  late.clip = eyes;
  late.advance();
  CHECK(late.seen() == "c0 c1 c2 | r0");
  late.clip->occasion = 11;
  late.advance();
  late.advance();
  CHECK(late.seen() == "c0 c1 c2 | r0 | c0");
  late.clip.reset();
  late.advance();
  late.advance();
  CHECK(late.seen() == "c0 c1 c2 | r0 | c0 | r0");
}

TEST_CASE("channel: names of pieces of rest have one spelling") {
  const auto name = channel::parse_rest_name("0123456789abcdef.12.ts");
  REQUIRE(name);
  CHECK(name->picture == "0123456789abcdef");
  CHECK(name->number == 12);
  CHECK(to_string(*name) == "0123456789abcdef.12.ts");
  for (const char* bad :
       {"", ".ts", "0123456789abcdef.ts", "0123456789abcdef..ts", "0123456789abcdef.012.ts",
        "0123456789abcdeF.1.ts", "0123456789abcdef.-1.ts", "0123456789abcdef.1.m4s",
        "0123456789abcdef.604800.ts", "0123456789abcdef.99999999999.ts", "0123456789abcde.1.ts"})
    CHECK_FALSE(channel::parse_rest_name(bad));
}

TEST_CASE("channel: times of a transport stream move on, and wrap") {
  std::vector<std::uint8_t> packet(188, 0xff);
  const std::vector<std::uint8_t> head = {
      0x47, 0x41, 0x00, 0x30,                                      // begins a PES, adaptation and payload
      7,    0x10, 0x00, 0x00, 0xaf, 0xc8, 0x7e, 0x00,              // PCR 90000, extension 0
      0,    0,    1,    0xe0, 0,    0,    0x80, 0xc0, 10,          // PES with PTS and DTS
      0x31, 0x00, 0x05, 0xbf, 0x21, 0x11, 0x00, 0x05, 0xbf, 0x21,  // both 90000
  };
  std::copy(head.begin(), head.end(), packet.begin());
  const auto same = channel::move_times(packet, std::uint64_t{1} << 33U);
  REQUIRE(same);
  CHECK(*same == packet);
  const auto moved = channel::move_times(packet, 360'000);
  REQUIRE(moved);
  CHECK(std::vector<std::uint8_t>(moved->begin() + 6, moved->begin() + 11) ==
        std::vector<std::uint8_t>{0x00, 0x03, 0x6e, 0xe8, 0x7e});
  CHECK(std::vector<std::uint8_t>(moved->begin() + 21, moved->begin() + 31) ==
        std::vector<std::uint8_t>{0x31, 0x00, 0x1b, 0xbb, 0xa1, 0x11, 0x00, 0x1b, 0xbb, 0xa1});
  const auto back = channel::move_times(*moved, (std::uint64_t{1} << 33U) - 360'000);
  REQUIRE(back);
  CHECK(*back == packet);
  CHECK_FALSE(channel::move_times(base::ByteView(packet).first(187), 1));
  packet[0] = 0x48;
  CHECK_FALSE(channel::move_times(packet, 1));
}
