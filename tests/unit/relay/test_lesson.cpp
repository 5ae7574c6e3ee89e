#include <signal.h>

#include "relay/live/directory.hpp"
#include "relay/live/frame_order.hpp"
#include "tests/unit/relay/lesson_on_air.hpp"

// A lesson on air with its real pipeline child: what WebRTC needs of it, and what a crash does to that.

using namespace tongke;
using namespace tongke::relay;
using namespace tongke::tests;
using namespace std::chrono_literals;
using pipeline::wire::TrackKind;

TEST_CASE("lesson: a WebRTC publisher's crash costs a moment, and nothing is said twice") {
  OnAir air;
  RtpSender sender;
  air.teacher.sender = &sender;
  air.feed = air.lesson->publish({.lesson = "m1",
                                  .key = {},
                                  .protocol = "whip",
                                  .peer = {},
                                  .format = pipeline::wire::InputFormat::rtp,
                                  .sdp = RtpSender::kSdp},
                                 air.teacher);
  const base::glib::Timer network(air.loop.context(), 5ms, [&] { push_rtp(air, sender); });
  REQUIRE(turn_until(air.loop, 30s, [&] { return air.desk.msn() >= 2; }));
  CHECK(air.teacher.rtcp > 10);
  air.lesson->request_keyframe();

  const auto before = air.desk.frames_of("src").size();
  const auto last = air.desk.frames.back().pts;
  const std::uint32_t msn = air.desk.msn();
  kill(air.lesson->health().child, SIGKILL);
  REQUIRE(turn_until(air.loop, 30s, [&] { return air.desk.frames_of("src").size() > before + 20; }));
  CHECK(air.lesson->health().restarts == 1);
  const auto frames = air.desk.frames_of("src");
  CHECK(frames[before].key);
  CHECK(frames[before].pts > last);
  for (std::size_t i = 1; i < frames.size(); ++i) CHECK(frames[i].pts > frames[i - 1].pts);
  REQUIRE(turn_until(air.loop, 30s, [&] { return air.desk.msn() >= msn + 3; }));
  const auto* video = air.desk.newest->find("src");
  bool resumed = false;
  for (std::uint32_t i = msn; i < msn + 3; ++i) {
    const auto segment = video->find(i);
    resumed = resumed || (segment && segment->info.discontinuity && segment->info.independent);
  }
  CHECK(resumed);
}

TEST_CASE("lesson: what its child flushes after the end goes to the recording, not to viewers") {
  const auto chunks = clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7");
  OnAir air;
  air.feed = air.lesson->publish({.lesson = "m1", .key = {}, .protocol = "rtmp", .peer = {}}, air.teacher);
  push_flv(air, chunks, 0, chunks.size() / 2);
  REQUIRE(turn_until(air.loop, 20s, [&] { return air.desk.msn() >= 1 && !air.desk.frames.empty(); }));
  push_flv(air, chunks, chunks.size() / 2, chunks.size());
  const std::size_t frames = air.desk.frames.size();
  const std::uint32_t msn = air.desk.msn();
  air.lesson->end(ingest::Dismissal::lesson_ended);
  REQUIRE(turn_until(air.loop, 20s, [&] { return air.lesson->idle(); }));
  CHECK(air.desk.msn() > msn);
  CHECK(air.desk.frames.size() == frames);
}

TEST_CASE("lesson: what viewers want is wanted of every child, and a replay shows them nothing twice") {
  const auto chunks = clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7");
  OnAir air;
  air.lesson->want("opus", true);
  air.lesson->request_keyframe();  // of nobody
  air.feed = air.lesson->publish({.lesson = "m1", .key = {}, .protocol = "rtmp", .peer = {}}, air.teacher);
  const auto push = [&](std::size_t from, std::size_t to) { push_flv(air, chunks, from, to); };
  const std::size_t middle = chunks.size() / 2;
  push(0, middle);
  REQUIRE(turn_until(air.loop, 20s, [&] {
    return air.desk.frames_of("src").size() > 60 && air.desk.frames_of("opus").size() > 100;
  }));
  kill(air.lesson->health().child, SIGKILL);
  REQUIRE(turn_until(air.loop, 20s, [&] { return air.lesson->health().restarts == 1; }));
  push(middle, chunks.size());
  REQUIRE(turn_until(air.loop, 20s, [&] {
    return air.desk.frames_of("src").size() >= 174 && air.desk.frames_of("opus").size() > 330;
  }));
  CHECK(air.desk.frames_of("src").size() <= 175);
  for (const char* rendition : {"src", "opus"}) {
    const auto frames = air.desk.frames_of(rendition);
    for (std::size_t i = 1; i < frames.size(); ++i) CHECK(frames[i].pts > frames[i - 1].pts);
  }
  CHECK(air.desk.gaps.empty());
}

TEST_CASE("lesson: a rendition asked for is made, and made again by the child after a crash") {
  const auto chunks =
      clip("ladder.flv", "-f lavfi -i testsrc2=s=640x360:r=25 " + kSound +
                             "-c:v libx264 -preset ultrafast -b:v 900k -g 50 " + kAac + "-bf 0 -t 13");
  OnAir air;
  air.lesson->ask("nobody");
  air.lesson->ask("240p");
  air.feed = air.lesson->publish({.lesson = "m1", .key = {}, .protocol = "rtmp", .peer = {}}, air.teacher);
  const std::size_t middle = chunks.size() / 2;
  push_flv(air, chunks, 0, middle);
  const auto* const newest = &air.desk.newest;
  const auto edge = [&](const char* rendition) {
    const auto* found = *newest ? (*newest)->find(rendition) : nullptr;
    return found ? found->edge().msn : 0U;
  };
  REQUIRE(turn_until(air.loop, 20s, [&] { return edge("240p") >= 3 && edge("src") >= 3; }));
  const auto offers = air.desk.newest->offers;
  REQUIRE(offers);
  CHECK(offers->size() == 2);  // the source is no larger than 360p
  CHECK(offers->front().step->name == "360p");
  CHECK(offers->front().size.width == 640);
  CHECK(offers->back().frame_rate == 12.5);
  CHECK_FALSE(air.desk.newest->find("360p"));

  kill(air.lesson->health().child, SIGKILL);
  REQUIRE(turn_until(air.loop, 20s, [&] { return air.lesson->health().restarts == 1; }));
  push_flv(air, chunks, middle, chunks.size());
  REQUIRE(turn_until(air.loop, 20s, [&] { return edge("240p") >= 5 && edge("src") >= 6; }));
  const auto snapshot = air.desk.newest;
  for (std::uint32_t msn = 0; msn < 5; ++msn) {
    INFO(msn);
    const auto small = snapshot->find("240p")->find(msn);
    const auto source = snapshot->find("src")->find(msn);
    REQUIRE(small);
    REQUIRE(source);
    CHECK(small->info.start == source->info.start);
    CHECK(small->info.bytes > 0);
    CHECK_FALSE(small->info.discontinuity);
  }
  CHECK(snapshot->find("240p")->inits->size() == 1);
  // The second crash in ten seconds: what comes then decodes nothing, and nothing is offered.
  kill(air.lesson->health().child, SIGKILL);
  REQUIRE(turn_until(air.loop, 20s, [&] { return air.lesson->health().restarts == 2; }));
  REQUIRE(turn_until(air.loop, 20s, [&] { return air.desk.newest->offers->empty(); }));
}

TEST_CASE("lesson: who was silent and returns takes nothing from whoever came since") {
  OnAir air;
  live::Directory directory(air.loop, {.child = {.program = TONGKE_PIPELINE, .nice = 0}}, air.desk,
                            [](const auto&, const auto&) { return base::Result<void>(); });
  Teacher phone;
  Teacher laptop;
  const auto open = [&](Teacher& by, bool returning) {
    return directory.open({.lesson = "m2", .key = {}, .protocol = "whip", .peer = {}, .returning = returning},
                          by);
  };
  auto first = open(phone, false);
  REQUIRE(first);
  const auto second = open(laptop, true);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == base::Errc::conflict);
  CHECK_FALSE(phone.dismissed);
  first->reset();
  CHECK(open(laptop, true));
}

TEST_CASE("frame order: only a replay is looked through for what was there before") {
  live::FrameOrder order;
  const auto frame = [](const char* rendition, base::MediaTime pts) {
    return Frame{.rendition = rendition, .pts = pts};
  };
  for (const auto pts : {0ms, 80ms, 40ms, 160ms, 120ms}) CHECK(order.is_new(frame("src", pts)));  // B-frames
  CHECK(order.is_new(frame("opus", 20ms)));
  order.replayed_from_here();
  for (const auto pts : {0ms, 80ms, 40ms, 160ms, 120ms}) CHECK_FALSE(order.is_new(frame("src", pts)));
  CHECK(order.is_new(frame("src", 240ms)));
  CHECK(order.is_new(frame("src", 200ms)));
  CHECK_FALSE(order.is_new(frame("opus", 20ms)));
  CHECK(order.is_new(frame("opus", 40ms)));
}
