#include <set>

#include "relay/outward/queue.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::outward;
using namespace std::chrono_literals;

namespace {

constexpr base::WallTime kWall{1'795'660'200'000ms};
constexpr Queue::Moment kStart{1'000'000s};

Notice notice(int number, base::WallTime at = kWall) {
  return {.id = std::to_string(number), .event = Event::live, .at = at, .lesson = {}, .trouble = {}};
}
using Ids = std::vector<std::string>;
Ids ids(const std::vector<Notice>& notices) {
  Ids out;
  for (const auto& one : notices) out.push_back(one.id);
  return out;
}
Queue queue_of(int count, Queue::Options options = {}) {
  Queue queue(std::move(options));
  for (int i = 0; i < count; ++i) CHECK_FALSE(queue.push(notice(i)));
  return queue;
}
constexpr auto kRobot = [] { return Queue::Options{.merges = true, .per_minute = 20}; };

}  // namespace

TEST_CASE("outward queue: one at a time, in order, each until it is delivered") {
  Queue queue = queue_of(3);
  CHECK(queue.ready_at().value() <= kStart);
  CHECK(ids(queue.take(kStart)) == Ids{"0"});
  CHECK_FALSE(queue.ready_at());
  CHECK(queue.take(kStart).empty());
  CHECK(queue.settle(Outcome::again, kStart).empty());
  CHECK(queue.take(kStart).empty());
  CHECK(ids(queue.take(kStart + 1s)) == Ids{"0"});
  CHECK(ids(queue.settle(Outcome::delivered, kStart + 1s)) == Ids{"0"});
  CHECK(ids(queue.take(kStart + 1s)) == Ids{"1"});
  CHECK(ids(queue.settle(Outcome::refused, kStart + 1s)) == Ids{"1"});
  CHECK(ids(queue.take(kStart + 1s)) == Ids{"2"});
  CHECK(queue.size() == 1);
}

TEST_CASE(
    "outward queue: waits double up to ten minutes, spread by a fifth, and begin anew after a success") {
  for (const auto& [jitter, factor] :
       std::vector<std::pair<double, double>>{{0, 0.8}, {0.5, 1.0}, {1, 1.2}}) {
    Queue queue = queue_of(2, {.jitter = [jitter = jitter] { return jitter; }});
    Queue::Moment now = kStart;
    for (const int seconds : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600}) {
      REQUIRE_FALSE(queue.take(now).empty());
      CHECK(queue.settle(Outcome::again, now).empty());
      const auto wait = queue.ready_at().value() - now;
      CHECK(std::chrono::duration<double>(wait).count() == Approx(seconds * factor).epsilon(0.01));
      now = queue.ready_at().value();
      CHECK(queue.take(now - 1ms).empty());
    }
    REQUIRE_FALSE(queue.take(now).empty());
    CHECK(queue.settle(Outcome::delivered, now).size() == 1);
    REQUIRE_FALSE(queue.take(now).empty());
    CHECK(queue.settle(Outcome::again, now).empty());
    CHECK(queue.ready_at().value() - now <= 1200ms);
  }
}

TEST_CASE("outward queue: a receiver's own wish counts, up to an hour") {
  Queue queue = queue_of(1);
  REQUIRE_FALSE(queue.take(kStart).empty());
  CHECK(queue.settle(Outcome::again, kStart, 30s).empty());
  CHECK(queue.ready_at() == kStart + 30s);
  REQUIRE_FALSE(queue.take(kStart + 30s).empty());
  CHECK(queue.settle(Outcome::again, kStart, 24h).empty());
  CHECK(queue.ready_at() == kStart + 1h);
}

TEST_CASE("outward queue: what waited a day is given up, but not what is on its way") {
  Queue queue = queue_of(0);
  for (int i = 0; i < 3; ++i) queue.push(notice(i, kWall + std::chrono::hours(i)));
  CHECK(queue.expire(kWall + 24h - 1ms).empty());
  CHECK(ids(queue.expire(kWall + 25h)) == Ids{"0", "1"});
  REQUIRE_FALSE(queue.take(kStart).empty());
  CHECK(queue.expire(kWall + 48h).empty());
  CHECK(queue.settle(Outcome::again, kStart).empty());
  CHECK(ids(queue.expire(kWall + 48h)) == Ids{"2"});
  CHECK_FALSE(queue.ready_at());
}

TEST_CASE("outward queue: when it is full the oldest goes that is not on its way") {
  Queue queue = queue_of(3, {.bound = 3});
  CHECK(queue.push(notice(3))->id == "0");
  CHECK(ids(queue.take(kStart)) == Ids{"1"});
  CHECK(queue.push(notice(4))->id == "2");
  CHECK(queue.size() == 3);
  CHECK(ids(queue.settle(Outcome::delivered, kStart)) == Ids{"1"});
  CHECK(ids(queue.take(kStart)) == Ids{"3"});
  Queue robot = queue_of(6, {.merges = true, .bound = 6});
  CHECK(robot.take(kStart).size() == 6);
  CHECK(robot.push(notice(6))->id == "6");  // all of the others are on their way
}

TEST_CASE("outward queue: a robot gets few as they are and many as one") {
  Queue few = queue_of(5, kRobot());
  for (int i = 0; i < 5; ++i) {
    CHECK(few.take(kStart).size() == 1);
    CHECK(few.settle(Outcome::delivered, kStart).size() == 1);
  }
  Queue many = queue_of(6, kRobot());
  CHECK(many.take(kStart).size() == 6);
  CHECK(many.push(notice(6)) == std::nullopt);  // joins the next
  CHECK(many.settle(Outcome::again, kStart).empty());
  CHECK(many.take(kStart + 1s).size() == 7);
  CHECK(many.settle(Outcome::delivered, kStart + 1s).size() == 7);
  CHECK(many.size() == 0);
}

TEST_CASE("outward queue: never more than twenty messages in any minute, and everything is said") {
  // Bursts, trickles and slow answers over ten minutes.
  Queue queue(kRobot());
  std::vector<Queue::Moment> arrived;
  std::set<std::string> said;
  Queue::Moment now = kStart;
  unsigned seed = 1;
  int made = 0;
  while (now < kStart + 10min || queue.size() > 0) {
    seed = seed * 1'103'515'245U + 12'345U;
    if (now < kStart + 10min && seed % 5 != 0)
      for (unsigned i = 0; i < seed / 7 % 4; ++i) CHECK_FALSE(queue.push(notice(made++)));
    if (const auto batch = queue.take(now); !batch.empty()) {
      now += std::chrono::milliseconds(seed / 11 % 3000);
      arrived.push_back(now);
      for (const auto& one : queue.settle(Outcome::delivered, now)) CHECK(said.insert(one.id).second);
    }
    now += 300ms;
    REQUIRE(now < kStart + 20min);
  }
  CHECK(said.size() == static_cast<std::size_t>(made));
  CHECK(arrived.size() > 100);
  for (std::size_t i = 20; i < arrived.size(); ++i) CHECK(arrived[i] - arrived[i - 20] >= 60s);
}

TEST_CASE(
    "outward queue: a robot that was sent too much is left alone for ten minutes, then gets one digest") {
  Queue queue = queue_of(2, kRobot());
  REQUIRE(queue.take(kStart).size() == 1);
  CHECK(queue.settle(Outcome::too_fast, kStart).empty());
  for (int i = 2; i < 10; ++i) queue.push(notice(i));
  CHECK(queue.take(kStart + 10min - 1ms).empty());
  CHECK(queue.take(kStart + 10min).size() == 10);
}

TEST_CASE("outward queue: what was sent before a restart counts in the minute") {
  Queue queue = queue_of(3, kRobot());
  for (int i = 0; i < 20; ++i) queue.note_sent(kStart - 30s);
  CHECK(queue.ready_at() == kStart + 30s);
  CHECK(queue.take(kStart).empty());
  CHECK_FALSE(queue.take(kStart + 30s).empty());
}
