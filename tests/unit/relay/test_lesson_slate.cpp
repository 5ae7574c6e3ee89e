#include "relay/live/silence.hpp"
#include "tests/unit/relay/lesson_on_air.hpp"

// What is on air while the teacher is away, with real children.

using namespace tongke;
using namespace tongke::relay;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

live::LessonSettings with_slate() {
  return {.child = {.program = TONGKE_PIPELINE, .nice = 0},
          .slate_heading = "老师正在重连",
          .slate_text = "画面会自己回来\nPlease wait"};
}

std::vector<Bytes> chunks_of(const char* name = "slate.flv", const std::string& sound = kAac) {
  return clip(name, kPicture + kSound + kX264 + sound + "-bf 0 -t 20");
}

/// Sends a clip as time passes; what was not sent while it was stopped comes in one go, as from
/// a socket.
class Sender {
 public:
  Sender(OnAir& air, std::vector<Bytes> chunks)
      : air_(air), chunks_(std::move(chunks)), timer_(air.loop.context(), 10ms, [this] { send(); }) {}
  void stop() { stopped_ = true; }
  void go_on() { stopped_ = false; }

 private:
  static std::chrono::milliseconds time_of(const Bytes& tag) {
    return std::chrono::milliseconds(tag[4] << 16U | tag[5] << 8U | tag[6] | tag[7] << 24U);
  }
  void send() {
    const auto elapsed = base::Steady::now() - began_;
    for (; !stopped_ && next_ < chunks_.size(); ++next_) {
      if (next_ > 0 && time_of(chunks_[next_]) > elapsed) return;
      push_flv(air_, chunks_, next_, next_ + 1);
    }
  }

  OnAir& air_;
  std::vector<Bytes> chunks_;
  base::Steady::time_point began_ = base::Steady::now();
  std::size_t next_ = 0;
  bool stopped_ = false;
  base::glib::Timer timer_;
};

ingest::PublishRequest by(const char* protocol) {
  return {.lesson = "m1", .key = {}, .protocol = protocol, .peer = {}};
}

base::MediaTime end_of(const OnAir& air, const char* rendition) {
  const auto* found = air.desk.newest ? air.desk.newest->find(rendition) : nullptr;
  const auto last = found && !found->empty() ? found->find(found->edge().msn) : std::nullopt;
  const auto before = found && !last ? found->find(found->edge().msn - 1) : last;
  return before ? before->info.start + before->info.duration : base::MediaTime(0);
}

bool is_live(const OnAir& air) { return air.lesson->on_air() == live::OnAir::live; }

}  // namespace

TEST_CASE("slate: it follows who left, in every rendition, until somebody is back") {
  OnAir air(with_slate());
  air.feed = air.lesson->publish(by("rtmp"), air.teacher);
  auto sender = std::make_unique<Sender>(air, chunks_of());
  REQUIRE(turn_until(air.loop, 20s, [&] { return is_live(air) && end_of(air, "src-audio") > 2s; }));
  air.lesson->want("opus", true);

  sender.reset();
  air.feed.reset();
  const auto left = air.lesson->end_time();
  const auto frames = air.desk.frames.size();
  REQUIRE(turn_until(air.loop, 20s, [&] {
    return end_of(air, "src") > left + 3s && end_of(air, "src-audio") > left + 2s &&
           end_of(air, "audio") > left + 2s;
  }));
  CHECK(air.lesson->on_air() == live::OnAir::interrupted);
  CHECK(air.lesson->publisher().empty());
  CHECK(air.lesson->health().protocol.empty());
  CHECK(air.lesson->health().tracks.size() == 2);
  const auto* src = air.desk.newest->find("src");
  CHECK(src->find_init(1)->width == src->find_init(0)->width);
  // No hole: it begins where the teacher's media ended.
  for (std::uint32_t msn = 1; msn < src->edge().msn; ++msn) {
    INFO(msn);
    const auto before = src->find(msn - 1).value().info;
    CHECK(src->find(msn)->info.start - before.start - before.duration < 60ms);
  }
  bool key = false;
  bool opus = false;
  for (std::size_t i = frames; i < air.desk.frames.size(); ++i) {
    key = key || (air.desk.frames[i].rendition == "src" && air.desk.frames[i].key);
    opus = opus || air.desk.frames[i].rendition == "opus";
  }
  CHECK(key);
  CHECK(opus);

  // Connected is not back.
  Teacher phone;
  const auto chunks = chunks_of();
  air.feed = air.lesson->publish(by("whip"), phone);
  push_flv(air, chunks, 0, 4);
  CHECK(air.lesson->publisher() == "whip");
  const auto connected = air.lesson->end_time();
  REQUIRE(turn_until(air.loop, 20s, [&] { return air.lesson->end_time() > connected + 1s; }));
  CHECK(air.lesson->on_air() == live::OnAir::interrupted);
  CHECK(air.lesson->health().protocol == "whip");

  Sender again(air, chunks);
  REQUIRE(turn_until(air.loop, 20s, [&] { return is_live(air); }));
  CHECK(air.lesson->health().takeovers == 0);
  CHECK_FALSE(phone.dismissed);
  REQUIRE(air.desk.gaps.size() == 1);
  CHECK(air.desk.gaps[0].start >= left);  // her last part was flushed
  CHECK(air.desk.gaps[0].start < left + 500ms);
  CHECK(air.desk.gaps[0].start + air.desk.gaps[0].duration <= air.lesson->end_time());
  using live::OnAir;
  CHECK(air.desk.told == std::vector{OnAir::live, OnAir::interrupted, OnAir::live});
}

TEST_CASE("slate: a publisher that is connected and sends nothing makes way, and comes back by itself") {
  OnAir air(with_slate());
  air.feed = air.lesson->publish(by("rtmp"), air.teacher);
  Sender sender(air, chunks_of());
  REQUIRE(turn_until(air.loop, 20s, [&] { return is_live(air) && end_of(air, "src") > 2s; }));
  sender.stop();
  const auto left = air.lesson->end_time();
  REQUIRE(turn_until(air.loop, 20s, [&] { return end_of(air, "src") > left + 2s; }));
  CHECK(air.lesson->on_air() == live::OnAir::interrupted);
  CHECK(air.lesson->publisher() == "rtmp");
  sender.go_on();
  REQUIRE(turn_until(air.loop, 20s, [&] { return is_live(air); }));
  CHECK_FALSE(air.teacher.dismissed);
  CHECK(air.desk.gaps.size() == 1);
  const auto back = air.lesson->end_time();
  REQUIRE(turn_until(air.loop, 20s, [&] { return end_of(air, "src") > back + 2s; }));
}

TEST_CASE("slate: rooms that rest have one beside the lesson, which goes on for the others") {
  OnAir air(with_slate());
  CHECK(air.lesson->aside("m1~rest", "该休息了", "Time to rest", air.desk) == nullptr);
  air.feed = air.lesson->publish(by("rtmp"), air.teacher);
  const Sender sender(air, chunks_of());
  REQUIRE(turn_until(air.loop, 20s, [&] { return is_live(air) && end_of(air, "src-audio") > 2s; }));

  Desk beside;
  const auto rest = air.lesson->aside("m1~rest", "该休息了", "Time to rest", beside);
  REQUIRE(rest);
  const auto begun = rest->end_time();
  const std::uint32_t first = rest->snapshot()->find("src")->edge().msn;
  REQUIRE(turn_until(air.loop, 20s, [&] {
    return rest->end_time() > begun + 3s && air.lesson->end_time() > begun + 3s && beside.newest;
  }));
  CHECK(beside.newest->lesson == "m1~rest");
  const auto* src = beside.newest->find("src");
  CHECK(src->find(first)->info.discontinuity);
  CHECK(src->find(first)->info.start - begun < 60ms);
  CHECK(src->find_init(src->find(first)->info.init)->width == src->find_init(0)->width);
  CHECK(is_live(air));
  CHECK(air.lesson->snapshot()->find("src")->find_init(1) == nullptr);
  CHECK(air.desk.gaps.empty());
  rest->shut_down();
  CHECK(turn_until(air.loop, 10s, [&] { return rest->idle(); }));
}

TEST_CASE("slate: it has what the teacher had") {
  struct Case {
    const char* name;
    std::string input;
    std::string sound;
    std::vector<std::string> renditions;
  };
  const auto c =
      GENERATE(values<Case>({{"still.flv", kPicture, kX264, {"src"}},
                             {"heard.flv", kSound, kAac, {"audio", "src-audio"}},
                             {"mp3.flv", kPicture + kSound, kX264 + "-c:a libmp3lame ", {"audio", "src"}}}));
  INFO(c.name);
  OnAir air(with_slate());
  air.feed = air.lesson->publish(by("rtmp"), air.teacher);
  auto sender = std::make_unique<Sender>(air, clip(c.name, c.input + c.sound + "-t 12"));
  REQUIRE(turn_until(air.loop, 20s, [&] { return is_live(air); }));
  sender.reset();
  air.feed.reset();
  const auto left = air.lesson->end_time();
  REQUIRE(turn_until(air.loop, 20s, [&] {
    return std::ranges::all_of(c.renditions,
                               [&](const auto& r) { return end_of(air, r.c_str()) > left + 1s; });
  }));
  std::vector<std::string> renditions;
  for (const auto& rendition : air.desk.newest->renditions) renditions.push_back(rendition->id);
  std::ranges::sort(renditions);
  CHECK(renditions == c.renditions);
}

TEST_CASE("slate: who is sent away by the rules leaves nothing behind, and an end is the teacher's end") {
  OnAir air(with_slate());
  air.feed = air.lesson->publish(by("rtmp"), air.teacher);
  auto sender = std::make_unique<Sender>(air, chunks_of());
  REQUIRE(turn_until(air.loop, 20s, [&] { return is_live(air); }));
  SECTION("sent away") {
    air.lesson->send_away(ingest::Dismissal::outside_hours);
    CHECK(turn_until(air.loop, 20s, [&] { return air.lesson->idle(); }));
  }
  SECTION("ended under the slate") {
    sender.reset();
    air.feed.reset();
    REQUIRE(turn_until(air.loop, 20s,
                       [&] { return air.lesson->idle() || air.lesson->health().protocol.empty(); }));
    const auto left = air.lesson->end_time();
    REQUIRE(turn_until(air.loop, 20s, [&] { return end_of(air, "src") > left + 1s; }));
    air.lesson->end(ingest::Dismissal::lesson_ended);
    CHECK(turn_until(air.loop, 20s, [&] { return air.lesson->idle(); }));
    CHECK(air.lesson->end_time() <= left + 500ms);
    CHECK(air.desk.newest->ended);
    CHECK(end_of(air, "src") <= left + 500ms);
  }
}

TEST_CASE("silence: longer than the limit, and longer than is usual for this publisher") {
  const base::Steady::time_point start = base::Steady::now();
  live::Silence lesson(800ms);
  for (int i = 0; i <= 50; ++i) lesson.heard(start + i * 20ms);
  CHECK(lesson.left(start + 1s) == 800ms);
  CHECK(lesson.left(start + 1700ms) == 100ms);
  CHECK(lesson.left(start + 1800ms) <= 0ms);
  live::Silence slides(800ms);
  for (int i = 0; i <= 50; ++i) slides.heard(start + i * 1s);
  CHECK(slides.left(start + 52s) > 500ms);
  CHECK(slides.left(start + 54s) <= 0ms);
}
