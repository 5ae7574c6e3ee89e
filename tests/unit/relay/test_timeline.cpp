#include <random>

#include "relay/live/demand.hpp"
#include "relay/live/timeline.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_lesson.hpp"

using namespace tongke;
using namespace tongke::relay::live;
using namespace std::chrono_literals;
using test::add_segment;
using test::make_part;
using Taken = Timeline::Taken;

namespace {

class Recorded final : public TimelineListener {
 public:
  void new_init(const std::string& rendition, TrackKind,
                const std::shared_ptr<const RenditionInit>& init) override {
    log += rendition + " init " + std::to_string(init->number) + "\n";
  }
  void part_accepted(const std::string& rendition, const SegmentInfo& segment, const MediaPart& part,
                     bool ends_segment) override {
    log += rendition + " part " + std::to_string(segment.msn) + "." + std::to_string(part.index) +
           (ends_segment ? " ends " + std::to_string(segment.duration / 1ms) + "ms" : "") +
           (segment.discontinuity ? " discontinuity" : "") + "\n";
  }
  std::string log;
};

std::string lost_of(const RenditionSnapshot& rendition) {
  std::string lost;
  const LiveEdge edge = rendition.edge();
  for (std::uint32_t msn = rendition.first_msn(); msn < edge.msn; ++msn) {
    if (rendition.find(msn)->info.bytes == 0) lost += std::to_string(msn) + " ";
  }
  return lost;
}

std::string discontinuities_of(const RenditionSnapshot& rendition) {
  std::string text;
  for (std::uint32_t msn = rendition.first_msn(); rendition.find(msn); ++msn) {
    if (rendition.find(msn)->info.discontinuity) text += std::to_string(msn) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("timeline: parts in order become segments, and the listener hears of each") {
  Recorded heard;
  Timeline timeline("l1", test::kLessonStart);
  timeline.set_listener(&heard);
  timeline.init(test::video_init());
  CHECK(timeline.part(make_part("src", 0, 0, 0ms, 200ms)) == Taken::accepted);
  CHECK(timeline.part(make_part("src", 0, 1, 200ms, 200ms, {.ends = true, .independent = false})) ==
        Taken::accepted);
  CHECK(timeline.part(make_part("src", 1, 0, 400ms, 200ms)) == Taken::accepted);
  // A segment also ends where the next begins.
  CHECK(timeline.part(make_part("src", 2, 0, 600ms, 200ms)) == Taken::accepted);
  CHECK(heard.log == "src init 0\nsrc part 0.0\nsrc part 0.1 ends 400ms\nsrc part 1.0\nsrc part 2.0\n");
  CHECK(timeline.snapshot()->find("src")->find(1)->held->complete);
  CHECK(timeline.next_msn() == 3);
  CHECK(timeline.end_time() == 800ms);
  const auto snapshot = timeline.snapshot();
  const auto& src = *snapshot->find("src");
  CHECK(src.edge().msn == 2);
  CHECK(src.edge().parts == 1);
  CHECK(src.find(0)->info.bytes == 16);
  CHECK(base::as_text(src.find_part(0, 1)->bytes.view()) == "src 0.1;");
  CHECK(src.find_part(0, 2) == nullptr);
  CHECK_FALSE(src.find(3));
  CHECK(snapshot->find("nobody") == nullptr);
}

TEST_CASE("timeline: what a broken or restarted child sends") {
  struct Case {
    const char* what;
    pipeline::wire::Part part;
    Taken taken;
  };
  const std::vector<Case> cases = {
      {"replay of a closed segment", make_part("src", 0, 3, 600ms, 200ms), Taken::duplicate},
      {"replay of the open segment", make_part("src", 1, 0, 2s, 200ms), Taken::duplicate},
      {"the next part", make_part("src", 1, 1, 2200ms, 200ms), Taken::accepted},
      {"a part left out", make_part("src", 1, 2, 2400ms, 200ms), Taken::rejected},
      {"backwards in time", make_part("src", 1, 1, 1900ms, 200ms), Taken::rejected},
      {"a segment without its beginning", make_part("src", 2, 1, 4200ms, 200ms), Taken::rejected},
      {"a number far off", make_part("src", 4'000'000, 0, 4s, 200ms), Taken::rejected},
      {"no rendition of this name", make_part("x", 1, 1, 2200ms, 200ms), Taken::rejected},
      {"no duration", make_part("src", 1, 1, 2200ms, 0ms), Taken::rejected},
      {"an hour in one part", make_part("src", 1, 1, 2200ms, 1h), Taken::rejected},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    Timeline timeline("l1", test::kLessonStart);
    timeline.init(test::video_init());
    add_segment(timeline, "src", 0, 0s);
    timeline.part(make_part("src", 1, 0, 2s, 200ms));
    CHECK(timeline.part(c.part) == c.taken);
    CHECK(timeline.counts().duplicates == (c.taken == Taken::duplicate ? 1 : 0));
    CHECK(timeline.counts().rejected == (c.taken == Taken::rejected ? 1 : 0));
  }
  Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  CHECK(timeline.part(make_part("src", 0xFFFFFFFFU, 0, 0s, 200ms)) == Taken::rejected);
  auto empty = make_part("src", 0, 0, 0s, 200ms);
  empty.bytes = {};
  CHECK(timeline.part(empty) == Taken::rejected);
}

TEST_CASE("timeline: what is not recorded is played live, and then is lost") {
  Recorded heard;
  Timeline timeline("l1", test::kLessonStart);
  timeline.set_listener(&heard);
  timeline.init(test::video_init());
  add_segment(timeline, "src", 0, 0s, 1);
  timeline.discontinuity();
  timeline.record(false);
  timeline.init(test::video_init("src", 640));
  add_segment(timeline, "src", 1, 1s);
  CHECK(base::as_text(timeline.snapshot()->find("src")->find_part(1, 0)->bytes.view()) == "src 1.0;");
  timeline.discontinuity();
  timeline.record(true);
  timeline.init(test::video_init());
  add_segment(timeline, "src", 2, 4s, 1);
  // The picture of before is in use again under its old number, which the recording knows.
  CHECK(heard.log == "src init 0\nsrc part 0.0 ends 200ms\nsrc part 2.0 ends 200ms discontinuity\n");
  const auto* src = timeline.snapshot()->find("src");
  CHECK(src->find(0)->info.init == 0);
  CHECK(src->find(1)->info.init == 1);
  CHECK(src->find(2)->info.init == 0);
  CHECK(lost_of(*src).empty());
  for (std::uint32_t msn = 3; msn < 20; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  CHECK(lost_of(*timeline.snapshot()->find("src")) == "1 ");
}

TEST_CASE("timeline: a lesson ends where its recording does") {
  const auto slate_segments = GENERATE(1U, 5U, 30U, 200U);
  const auto before = GENERATE(1U, 70U);
  INFO(slate_segments << " after " << before);
  Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  for (std::uint32_t msn = 0; msn < before; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  timeline.record(false);
  for (std::uint32_t i = 0; i < slate_segments; ++i)
    add_segment(timeline, "src", before + i, (before + i) * 2s, i + 1 == slate_segments ? 3 : 10);
  timeline.end();
  const auto* src = timeline.snapshot()->find("src");
  CHECK(timeline.end_time() == before * 2s);
  CHECK(timeline.next_msn() == before);
  REQUIRE(src->find(before - 1));
  CHECK(src->find(before - 1)->info.start == (before - 1) * 2s);
  CHECK_FALSE(src->find(before));
  CHECK(lost_of(*src).empty());
}

TEST_CASE("timeline: only the newest media stays in memory, and all of it is found by number") {
  Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  for (std::uint32_t msn = 0; msn < 200; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  const auto snapshot = timeline.snapshot();
  const auto& src = *snapshot->find("src");
  CHECK(src.history->size() == 3);
  CHECK(src.held.size() == 7);
  CHECK(src.settled.size() == 200 - 7 - 192);
  for (std::uint32_t msn = 0; msn < 200; ++msn) {
    const auto found = src.find(msn);
    REQUIRE(found);
    CHECK(found->info.msn == msn);
    CHECK(found->info.start == msn * 2s);
    CHECK((found->held != nullptr) == (msn >= 193));
  }
  // Nothing changed: the same rendition; something did: old blocks are still shared.
  CHECK(timeline.snapshot()->find("src") == &src);
  add_segment(timeline, "src", 200, 400s);
  const auto later = timeline.snapshot();
  CHECK(later->find("src") != &src);
  CHECK(later->find("src")->history == src.history);
  CHECK_FALSE(src.find(200));
}

TEST_CASE("timeline: a list has an end, and numbering survives what leaves it") {
  Timeline timeline("l1", test::kLessonStart, {.max_segments = 128});
  timeline.init(test::video_init());
  for (std::uint32_t msn = 0; msn < 300; ++msn) {
    if (msn == 30 || msn == 250) timeline.discontinuity();
    add_segment(timeline, "src", msn, msn * 2s);
  }
  const auto snapshot = timeline.snapshot();
  const auto& src = *snapshot->find("src");
  CHECK(src.first_msn() == 128);
  CHECK(src.discontinuities_before == 1);
  CHECK(discontinuities_of(src) == "250 ");
  CHECK(src.find(128)->info.start == 256s);
  CHECK_FALSE(src.find(127));
}

TEST_CASE("timeline: a new publisher is one discontinuity, numbered alike in all renditions") {
  Timeline timeline("l1", test::kLessonStart);
  timeline.discontinuity();  // before any media: nothing to be discontinuous with
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "src", 0, 0s);
  add_segment(timeline, "audio", 0, 0s);
  add_segment(timeline, "audio", 1, 2s, 3);
  timeline.part(make_part("audio", 2, 0, 2600ms, 200ms));

  timeline.discontinuity();
  CHECK(timeline.snapshot()->find("audio")->find(2)->held->complete);
  timeline.gap({.start = 2800ms, .duration = 20s});
  CHECK(timeline.next_msn() == 3);
  // The new publisher has another picture size; its child announces everything again.
  timeline.init(test::audio_init());
  add_segment(timeline, "audio", 3, 22800ms);
  timeline.init(test::video_init("src", 640));
  add_segment(timeline, "src", 3, 22800ms);

  const auto snapshot = timeline.snapshot();
  CHECK(discontinuities_of(*snapshot->find("audio")) == "3 ");
  CHECK(discontinuities_of(*snapshot->find("src")) == "3 ");
  CHECK(lost_of(*snapshot->find("src")) == "1 2 ");
  CHECK(snapshot->find("src")->find(1)->info.duration == 2s);
  CHECK(snapshot->find("src")->find(3)->info.init == 1);
  CHECK(snapshot->find("audio")->find(3)->info.init == 0);
  REQUIRE(snapshot->gaps->size() == 1);
  CHECK(timeline.counts().lost_segments == 2);
}

TEST_CASE("timeline: a change of parameters is a discontinuity of the whole lesson") {
  Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "src", 0, 0s);
  timeline.part(make_part("audio", 0, 0, 0s, 1800ms, {.ends = true}));
  timeline.part(make_part("audio", 1, 0, 1800ms, 200ms));  // ahead of the video
  timeline.init(test::video_init("src", 640));
  add_segment(timeline, "src", 1, 2s);
  timeline.part(make_part("audio", 1, 1, 2s, 200ms, {.ends = true}));
  add_segment(timeline, "audio", 2, 2200ms);
  timeline.init(test::video_init("src", 640));
  add_segment(timeline, "src", 2, 4s);
  const auto snapshot = timeline.snapshot();
  CHECK(discontinuities_of(*snapshot->find("src")) == "1 ");
  CHECK(discontinuities_of(*snapshot->find("audio")) == "2 ");
  CHECK(snapshot->find("src")->inits->size() == 2);
}

TEST_CASE("timeline: a rendition that begins late counts the discontinuities before it") {
  Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::audio_init());
  add_segment(timeline, "audio", 0, 0s);
  timeline.discontinuity();
  timeline.init(test::video_init());
  add_segment(timeline, "audio", 1, 10s);
  add_segment(timeline, "src", 1, 10s);
  timeline.discontinuity();
  add_segment(timeline, "src", 2, 20s);
  add_segment(timeline, "audio", 2, 20s);
  const auto snapshot = timeline.snapshot();
  CHECK(snapshot->find("src")->first_msn() == 1);
  CHECK(snapshot->find("src")->discontinuities_before == 1);
  CHECK(discontinuities_of(*snapshot->find("src")) == "2 ");
  CHECK(discontinuities_of(*snapshot->find("audio")) == "1 2 ");
}

TEST_CASE("timeline: a rendition that paused comes back with lost segments in step with the others") {
  Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "src", 0, 0s);
  add_segment(timeline, "audio", 0, 0s);
  timeline.discontinuity();
  for (std::uint32_t msn = 1; msn < 5; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  timeline.discontinuity();
  add_segment(timeline, "src", 5, 10s);
  add_segment(timeline, "audio", 5, 10s);
  const auto snapshot = timeline.snapshot();
  const auto& audio = *snapshot->find("audio");
  CHECK(lost_of(audio) == "1 2 3 4 ");
  CHECK(discontinuities_of(audio) == "1 5 ");
  CHECK(discontinuities_of(*snapshot->find("src")) == "1 5 ");
  CHECK(audio.find(4)->info.start == 8s);
}

TEST_CASE("timeline: segments the recording lost are listed as lost wherever they are by then") {
  for (const std::uint32_t msn : {10U, 70U, 99U}) {
    INFO(msn);
    Timeline timeline("l1", test::kLessonStart);
    timeline.init(test::video_init());
    for (std::uint32_t i = 0; i < 100; ++i) add_segment(timeline, "src", i, i * 2s);
    const auto before = timeline.snapshot();
    timeline.lost("src", msn);
    timeline.lost("src", 5000);
    timeline.lost("nobody", 1);
    CHECK(timeline.snapshot()->find("src")->find(msn)->info.bytes == (msn == 99 ? 90 : 0));
    for (std::uint32_t i = 100; i < 120; ++i) add_segment(timeline, "src", i, i * 2s);
    CHECK(lost_of(*timeline.snapshot()->find("src")) == std::to_string(msn) + " ");
    CHECK(lost_of(*before->find("src")).empty());
  }
}

TEST_CASE("timeline: a restored lesson goes on after what was recorded") {
  RecordedLesson recorded;
  recorded.lesson = "l1";
  recorded.started = test::kLessonStart;
  auto init = std::make_shared<RenditionInit>(RenditionInit{.codecs = "avc1.42c01f",
                                                            .width = 1280,
                                                            .height = 720,
                                                            .frame_rate = 30,
                                                            .bytes = test::text_bytes("init src1280")});
  recorded.renditions.push_back({.id = "src", .kind = TrackKind::video, .inits = {init}, .segments = {}});
  for (const std::uint32_t msn : {0U, 1U, 2U, 4U}) {  // 3 fell to a damaged disk
    recorded.renditions[0].segments.push_back({.msn = msn,
                                               .init = 0,
                                               .independent = true,
                                               .discontinuity = msn == 2,
                                               .start = msn * 2s,
                                               .duration = 2s,
                                               .bytes = 1000});
  }
  recorded.renditions.push_back({.id = "audio", .kind = TrackKind::audio, .inits = {}, .segments = {}});

  Timeline timeline("l1", recorded.started);
  timeline.restore(recorded);
  CHECK(timeline.next_msn() == 5);
  CHECK(timeline.end_time() == 10s);
  timeline.init(test::video_init());  // same bytes as recorded
  add_segment(timeline, "src", 5, 60s);
  const auto snapshot = timeline.snapshot();
  const auto& src = *snapshot->find("src");
  CHECK(discontinuities_of(src) == "2 5 ");
  CHECK(lost_of(src) == "3 ");
  CHECK(src.inits->size() == 1);
  CHECK(src.find(4)->held == nullptr);
  CHECK(src.peak_bps > 0);

  recorded.ended = true;
  Timeline replay("l1", recorded.started);
  replay.restore(recorded);
  CHECK(replay.snapshot()->ended);
  CHECK(replay.part(make_part("src", 5, 0, 60s, 200ms)) == Taken::rejected);
}

TEST_CASE("timeline: rates are measured over ten seconds and the peak never falls") {
  Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  timeline.part(make_part("src", 0, 0, 0s, 200ms, {.bytes = 90'000}));
  CHECK(timeline.snapshot()->find("src")->peak_bps == 0);
  std::uint64_t peak = 0;
  Timeline steady("l1", test::kLessonStart);
  steady.init(test::video_init());
  for (std::uint32_t msn = 0; msn < 30; ++msn) {
    add_segment(steady, "src", msn, msn * 2s, 10, msn == 10 ? 50'000 : 25'000);
    const std::uint64_t now = steady.snapshot()->find("src")->peak_bps;
    CHECK(now >= peak);
    peak = now;
  }
  CHECK(peak == 1'200'000);  // four segments of 1 Mbit/s and one of 2
  CHECK(steady.snapshot()->find("src")->average_bps == 1'033'333);
}

TEST_CASE("timeline: part targets follow frame rates and what arrives") {
  Timeline timeline("l1", test::kLessonStart);
  auto slides = test::video_init("slides");
  slides.frame_rate = 2;
  timeline.init(slides);
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  const auto target = [&](const char* id) { return timeline.snapshot()->find(id)->part_target; };
  CHECK(target("slides") == 500ms);
  CHECK(target("src") == 200ms);
  CHECK(target("audio") == 224ms);
  timeline.part(make_part("src", 0, 0, 0s, 200'100us));  // rounding
  CHECK(target("src") == 200ms);
  timeline.part(make_part("src", 0, 1, 200'100us, 208'334us));
  CHECK(target("src") == 209ms);
}

TEST_CASE("timeline: any stream of parts leaves lists without holes, in order of time") {
  std::mt19937 random(42);
  const auto pick = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  for (int round = 0; round < 200; ++round) {
    Timeline timeline("l1", test::kLessonStart);
    timeline.init(test::video_init());
    timeline.init(test::audio_init());
    for (int i = 0; i < 300; ++i) {
      const std::string id = pick(2) == 0 ? "src" : "audio";
      switch (pick(40)) {
        case 0:
          timeline.discontinuity();
          break;
        case 1:
          timeline.init(test::video_init("src", 320 * (1 + pick(3))));
          break;
        default:
          timeline.part(make_part(
              id, timeline.next_msn() - std::min(timeline.next_msn(), pick(3)), pick(4),
              timeline.end_time() + pick(3) * 100ms - std::min<base::MediaTime>(timeline.end_time(), 100ms),
              pick(5) * 100ms, {.ends = pick(4) == 0}));
      }
    }
    const auto snapshot = timeline.snapshot();
    for (const auto& rendition : snapshot->renditions) {
      const LiveEdge edge = rendition->edge();
      base::MediaTime last{0};
      for (std::uint32_t msn = rendition->first_msn(); msn < edge.msn; ++msn) {
        const auto found = rendition->find(msn);
        REQUIRE(found);
        REQUIRE(found->info.msn == msn);
        REQUIRE(found->info.start >= last);
        REQUIRE(found->info.duration > 0us);
        last = found->info.start;
      }
    }
  }
}

TEST_CASE(
    "timeline: a rendition made on demand is listed from the source's beginning, as lost where it was not "
    "made") {
  Timeline timeline("l1", test::kLessonStart, {.keep = 4s});
  timeline.init(test::video_init());
  for (std::uint32_t msn = 0; msn < 5; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  CHECK(timeline.snapshot()->is_cold("240p"));
  CHECK(timeline.snapshot()->may_have("240p"));
  const auto* step = pipeline::wire::find_step("240p");
  timeline.offer({{.step = step, .size = {426, 240}, .frame_rate = 15}});
  CHECK(timeline.snapshot()->may_have("240p"));
  CHECK_FALSE(timeline.snapshot()->may_have("480p"));
  CHECK_FALSE(timeline.snapshot()->is_cold("src"));
  CHECK_FALSE(timeline.snapshot()->is_cold("slow"));

  timeline.init(test::video_init("240p", 426));
  CHECK(timeline.snapshot()->is_cold("240p"));
  // It begins a little back and is cold until it has caught up.
  add_segment(timeline, "240p", 3, 6s);
  CHECK_FALSE(timeline.snapshot()->is_cold("240p"));
  // Offered no longer it is withdrawn, made as it may be.
  CHECK_FALSE(timeline.snapshot()->is_withdrawn("240p"));
  timeline.offer({});
  CHECK(timeline.snapshot()->is_withdrawn("240p"));
  CHECK_FALSE(timeline.snapshot()->is_withdrawn("src"));
  timeline.offer({{.step = step, .size = {426, 240}, .frame_rate = 15}});
  auto snapshot = timeline.snapshot();
  const auto* small = snapshot->find("240p");
  CHECK(small->first_msn() == 0);
  CHECK(lost_of(*small) == "0 1 2 ");
  CHECK(small->find(1)->info.start == 2s);
  CHECK(small->find(1)->info.duration == 2s);
  CHECK(small->all_independent);

  // Nobody wants it; the publisher pauses meanwhile; then somebody does again.
  add_segment(timeline, "240p", 4, 8s);
  for (std::uint32_t msn = 5; msn < 8; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  CHECK(timeline.snapshot()->is_cold("240p"));
  timeline.discontinuity();
  for (std::uint32_t msn = 8; msn < 11; ++msn) add_segment(timeline, "src", msn, 20s + msn * 2s);
  timeline.init(test::video_init("240p", 426));
  add_segment(timeline, "240p", 9, 38s);
  add_segment(timeline, "240p", 10, 40s);
  snapshot = timeline.snapshot();
  small = snapshot->find("240p");
  CHECK_FALSE(snapshot->is_cold("240p"));
  // What left memory is in no recording.
  CHECK(lost_of(*small) == "0 1 2 3 4 5 6 7 8 ");
  CHECK(discontinuities_of(*small) == "8 ");
  CHECK(discontinuities_of(*snapshot->find("src")) == "8 ");
  CHECK(small->find(8)->info.start == 36s);
  CHECK(timeline.counts().lost_segments == 0);
  timeline.end();
  CHECK_FALSE(timeline.snapshot()->is_cold("240p"));
}

TEST_CASE("demand: viewers hold, players ask again, and a minute's silence ends it") {
  using Changes = std::vector<Demand::Change>;
  Demand demand;
  const Demand::Time start{};
  CHECK(demand.ask("240p", start) == Changes{{"240p", true}});
  CHECK(demand.ask("240p", start + 50s).empty());
  CHECK(demand.expire(start + 100s).empty());
  CHECK(demand.expires());
  CHECK(demand.expire(start + 111s) == Changes{{"240p", false}});
  CHECK_FALSE(demand.expires());
  CHECK(demand.hold("240p", true) == Changes{{"240p", true}});
  CHECK(demand.ask("240p", start).empty());
  CHECK(demand.expire(start + 500s).empty());
  CHECK(demand.hold("opus", true) == Changes{{"opus", true}});
  CHECK(demand.hold("opus", true).empty());
  CHECK(demand.wanted() == std::set<std::string>{"240p", "opus"});
  CHECK(demand.hold("240p", false) == Changes{{"240p", false}});
  CHECK(demand.hold("nobody", false).empty());
  // Whoever still holds it or has just asked.
  CHECK(demand.ask("360p", start) == Changes{{"360p", true}});
  CHECK(demand.hold("360p", true).empty());
  CHECK(demand.drop("360p") == Changes{{"360p", false}});
  CHECK(demand.drop("360p").empty());
  CHECK(demand.wanted() == std::set<std::string>{"opus"});
}
