#include "relay/live/timeline.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_lesson.hpp"

using namespace tongke;
using namespace tongke::relay::live;
using namespace std::chrono_literals;
using test::add_segment;
using test::make_part;

namespace {

class Heard final : public TimelineListener {
 public:
  void new_init(const std::string&, TrackKind, const std::shared_ptr<const RenditionInit>&) override {}
  void part_accepted(const std::string&, const SegmentInfo&, const MediaPart&, bool) override { ++parts; }
  int parts = 0;
};

}  // namespace

TEST_CASE("timeline: a fork goes on from the same media by itself") {
  Heard heard;
  Timeline timeline("l1", test::kLessonStart);
  timeline.set_listener(&heard);
  timeline.init(test::video_init());
  add_segment(timeline, "src", 0, 0s);
  add_segment(timeline, "src", 1, 2s, 4);
  timeline.part(make_part("src", 2, 0, 4s, 200ms));
  const auto fork = timeline.fork("l2");
  const int until_now = heard.parts;

  fork->record(false);
  fork->discontinuity();
  CHECK(fork->next_msn() == 3);
  fork->init(test::video_init("src", 640));
  add_segment(*fork, "src", 3, 4s + 200ms, 10);
  CHECK(heard.parts == until_now);
  timeline.part(make_part("src", 2, 1, 4s + 200ms, 200ms));
  add_segment(timeline, "src", 3, 6s, 10);

  const auto other = fork->snapshot();
  CHECK(other->lesson == "l2");
  CHECK(other->started == test::kLessonStart);
  const auto* src = other->find("src");
  CHECK(src->find(2)->info.duration == 200ms);
  CHECK(src->find(3)->info.start == 4s + 200ms);
  CHECK(src->find(3)->info.init == 1);
  CHECK(src->find(3)->info.discontinuity);
  const auto own = timeline.snapshot();
  CHECK(own->lesson == "l1");
  CHECK(own->find("src")->find(2)->info.duration == 400ms);
  CHECK(own->find("src")->find(3)->info.start == 6s);
  CHECK_FALSE(own->find("src")->find(3)->info.discontinuity);
  CHECK(own->find("src")->find_init(1) == nullptr);
}
