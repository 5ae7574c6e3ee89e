#include <nlohmann/json.hpp>

#include "relay/outward/announcer.hpp"
#include "relay/outward/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::relay::outward;
using namespace std::chrono_literals;
using base::WallTime;

namespace {

constexpr WallTime kNow{1'795'660'200'000ms};
using Events = std::vector<Event>;

Events events(const std::vector<Notice>& notices) {
  Events out;
  for (const auto& one : notices) out.push_back(one.event);
  return out;
}
LessonInfo lesson(State state = State::waiting, WallTime starts = kNow + 1h) {
  LessonInfo info{.id = "l1", .title = "数学", .state = state};
  info.planned_start = starts;
  info.planned_end = starts + 20min;
  info.rooms = {{.school = "一小", .label = "二年级1班"}};
  if (state != State::waiting) info.started = starts;
  return info;
}
Announcer fresh() { return {{}, {}}; }

}  // namespace

TEST_CASE("outward announcer: a lesson is announced once, ten minutes before") {
  Announcer announcer = fresh();
  CHECK(announcer.look({lesson()}, kNow).empty());
  CHECK(announcer.look({lesson()}, kNow + 50min - 1ms).empty());
  const auto soon = announcer.look({lesson()}, kNow + 50min);
  REQUIRE(events(soon) == Events{Event::soon});
  CHECK(soon[0].id.size() >= 16);
  CHECK(soon[0].at == kNow + 50min);
  CHECK(soon[0].lesson == lesson());
  CHECK(announcer.look({lesson()}, kNow + 51min).empty());
  // Not what has begun already, nor what is late.
  CHECK(fresh().look({lesson(State::live, kNow + 5min)}, kNow).empty());
  CHECK(fresh().look({lesson(State::waiting, kNow)}, kNow).empty());
  CHECK(Announcer({.ahead = 0ms}, {}).look({lesson(State::waiting, kNow + 1ms)}, kNow).empty());
}

TEST_CASE("outward announcer: on air, a break, on air again, over, and the replay") {
  Announcer announcer = fresh();
  CHECK(announcer.on_air(lesson(State::waiting), kNow).empty());
  CHECK(events(announcer.on_air(lesson(State::live), kNow)) == Events{Event::live});
  CHECK(announcer.on_air(lesson(State::live), kNow).empty());
  // A short break is nobody's news.
  CHECK(announcer.on_air(lesson(State::interrupted), kNow).empty());
  CHECK(announcer.look({}, kNow + 29s).empty());
  CHECK(announcer.on_air(lesson(State::live), kNow + 29s).empty());
  CHECK(announcer.look({}, kNow + 2min).empty());
  // A long one is, once.
  CHECK(announcer.on_air(lesson(State::interrupted), kNow + 2min).empty());
  const auto broken = announcer.look({}, kNow + 150s);
  CHECK(events(broken) == Events{Event::interrupted});
  CHECK(broken.at(0).lesson.state == State::interrupted);
  CHECK(announcer.look({}, kNow + 5min).empty());
  CHECK(events(announcer.on_air(lesson(State::live), kNow + 6min)) == Events{Event::resumed});
  // The end, whatever order the news come in.
  CHECK(announcer.on_air(lesson(State::interrupted), kNow + 7min).empty());
  CHECK(events(announcer.on_air(lesson(State::ended), kNow + 7min)) == Events{Event::ended});
  CHECK(announcer.on_air(lesson(State::ended), kNow + 7min).empty());
  CHECK(events(announcer.replay_ready(lesson(State::ended), kNow + 7min)) == Events{Event::replay});
  CHECK(announcer.replay_ready(lesson(State::ended), kNow + 7min).empty());
  CHECK(announcer.look({}, kNow + 9min).empty());
  // Opened again, it is another time on air.
  CHECK(announcer.on_air(lesson(State::waiting), kNow + 10min).empty());
  CHECK(events(announcer.on_air(lesson(State::live), kNow + 10min)) == Events{Event::live});
  CHECK(events(announcer.on_air(lesson(State::ended), kNow + 11min)) == Events{Event::ended});
  CHECK(events(announcer.replay_ready(lesson(State::ended), kNow + 11min)) == Events{Event::replay});
}

TEST_CASE("outward announcer: a lesson that nobody taught ends without a word") {
  Announcer announcer = fresh();
  LessonInfo unused = lesson();
  unused.state = State::ended;
  CHECK(announcer.on_air(unused, kNow).empty());
}

TEST_CASE("outward announcer: a change is said when it stands, and not while the lesson is being made") {
  Announcer announcer = fresh();
  const LessonInfo later = lesson(State::waiting, kNow + 2h);
  CHECK(announcer.look({lesson()}, kNow).empty());
  CHECK(announcer.look({later}, kNow + 1min).empty());  // still being made
  CHECK(announcer.look({later}, kNow + 5min).empty());
  CHECK(announcer.look({lesson()}, kNow + 6min).empty());  // somebody is at it
  CHECK(announcer.look({lesson(State::waiting, kNow + 3h)}, kNow + 6min + 5s).empty());
  CHECK(announcer.look({lesson(State::waiting, kNow + 3h)}, kNow + 6min + 14s).empty());
  const auto changed = announcer.look({lesson(State::waiting, kNow + 3h)}, kNow + 6min + 15s);
  REQUIRE(events(changed) == Events{Event::changed});
  CHECK(changed[0].lesson.planned_start == kNow + 3h);
  CHECK(announcer.look({lesson(State::waiting, kNow + 3h)}, kNow + 7min).empty());
  // Back before it stood: nothing happened.
  CHECK(announcer.look({later}, kNow + 8min).empty());
  CHECK(announcer.look({lesson(State::waiting, kNow + 3h)}, kNow + 9min).empty());
  LessonInfo more = lesson(State::waiting, kNow + 3h);
  more.rooms.push_back({.school = "一小", .label = "二年级2班"});
  CHECK(announcer.look({more}, kNow + 10min).empty());
  CHECK(events(announcer.look({more}, kNow + 11min)) == Events{Event::changed});
  // Announced, then put off: said, and announced again for its new time.
  CHECK(events(announcer.look({more}, kNow + 3h - 5min)) == Events{Event::soon});
  more.planned_start = kNow + 4h;
  CHECK(announcer.look({more}, kNow + 3h - 4min).empty());
  CHECK(events(announcer.look({more}, kNow + 3h - 3min)) == Events{Event::changed});
  CHECK(events(announcer.look({more}, kNow + 4h - 9min)) == Events{Event::soon});
}

TEST_CASE("outward announcer: a lesson that goes is cancelled for those who knew of it") {
  Announcer announcer = fresh();
  CHECK(announcer.removed("l1", kNow).empty());
  CHECK(announcer.look({lesson()}, kNow).empty());
  CHECK(announcer.removed("l1", kNow + 1min).empty());  // a plan made by mistake and taken back
  CHECK(announcer.look({lesson()}, kNow + 2min).empty());
  CHECK(events(announcer.removed("l1", kNow + 5min)) == Events{Event::cancelled});
  CHECK(announcer.removed("l1", kNow + 5min).empty());
  CHECK(events(announcer.look({lesson()}, kNow + 55min)) == Events{Event::soon});
  CHECK(events(announcer.removed("l1", kNow + 56min)) == Events{Event::cancelled});
  CHECK(events(announcer.on_air(lesson(State::live), kNow)) == Events{Event::live});
  CHECK(events(announcer.on_air(lesson(State::ended), kNow + 1h)) == Events{Event::ended});
  CHECK(announcer.removed("l1", kNow + 1h).empty());
}

TEST_CASE("outward announcer: trouble with a recording is said once, and its end") {
  Announcer announcer = fresh();
  CHECK(announcer.recording(lesson(State::live), "", kNow).empty());
  const auto trouble = announcer.recording(lesson(State::live), "disk_low", kNow);
  REQUIRE(events(trouble) == Events{Event::trouble});
  CHECK(trouble[0].trouble == "disk_low");
  CHECK(announcer.recording(lesson(State::live), "disk_low", kNow).empty());
  CHECK(events(announcer.recording(lesson(State::live), "disk_full", kNow)) == Events{Event::trouble});
  CHECK(events(announcer.recording(lesson(State::live), "", kNow + 1min)) == Events{Event::whole});
  // Coming and going: silence for a while.
  CHECK(announcer.recording(lesson(State::live), "disk_full", kNow + 2min).empty());
  CHECK(announcer.recording(lesson(State::live), "", kNow + 3min).empty());
  CHECK(events(announcer.recording(lesson(State::live), "disk_full", kNow + 11min)) ==
        Events{Event::trouble});
}

TEST_CASE("outward announcer: after a restart nothing is said twice, and nothing is forgotten") {
  std::vector<Notice> told;
  const auto keep = [&](std::vector<Notice> notices) {
    for (auto& one : notices) told.push_back(std::move(one));
  };
  {
    Announcer before = fresh();
    keep(before.look({lesson()}, kNow + 55min));
    keep(before.on_air(lesson(State::live), kNow + 1h));
  }
  REQUIRE(events(told) == Events{Event::soon, Event::live});
  {
    Announcer after({}, told);
    CHECK(after.unfinished() == std::vector<std::string>{"l1"});
    CHECK(after.look({lesson(State::interrupted)}, kNow + 61min).empty());
    CHECK(after.on_air(lesson(State::interrupted), kNow + 61min).empty());
    CHECK(after.on_air(lesson(State::live), kNow + 61min + 5s).empty());
    CHECK(events(after.on_air(lesson(State::ended), kNow + 80min)) == Events{Event::ended});
    CHECK(after.unfinished().size() == 1);
    CHECK(events(after.replay_ready(lesson(State::ended), kNow + 80min)) == Events{Event::replay});
    CHECK(after.unfinished().empty());
  }
  {  // put off while the server was down
    Announcer after({}, {told.front()});
    CHECK(after.look({lesson(State::waiting, kNow + 3h)}, kNow + 1h).empty());
    CHECK(events(after.look({lesson(State::waiting, kNow + 3h)}, kNow + 1h + 10s)) == Events{Event::changed});
  }
  {  // its rooms were told by other words: nothing is made of that
    LessonInfo renamed = lesson();
    renamed.rooms.at(0).label = "二年级01班";
    Announcer after({}, {told.front()});
    CHECK(after.look({renamed}, kNow + 56min).empty());
    CHECK(after.look({renamed}, kNow + 57min).empty());
  }
  {  // cut off while it was interrupted
    Notice broken = told.back();
    broken.event = Event::interrupted;
    keep({broken});
    Announcer after({}, told);
    CHECK(events(after.on_air(lesson(State::live), kNow + 2h)) == Events{Event::resumed});
  }
}

TEST_CASE("outward journal: what was not delivered waits after a restart, for those it was for") {
  const test::TempDir folder;
  const Notice one = make_notice(Event::soon, lesson(), kNow);
  const Notice two = make_notice(Event::live, lesson(State::live), kNow + 1min);
  {
    Journal journal(folder.path());
    const auto kept = journal.open(kNow);
    REQUIRE(kept);
    CHECK(kept->told.empty());
    journal.told(one, {"a", "b"});
    journal.told(two, {"a", "b"});
    journal.settled("a", {one.id}, kNow + 1min);
  }
  Journal journal(folder.path());
  const auto kept = journal.open(kNow + 90s);
  REQUIRE(kept);
  CHECK(kept->told == std::vector{one, two});
  CHECK(kept->waiting.at("a") == std::vector{two});
  CHECK(kept->waiting.at("b") == std::vector{one, two});
  CHECK(kept->sent.at("a") == std::vector{kNow + 1min});
  CHECK(kept->sent.count("b") == 0);
  // The next day it is yesterday's news; the day after, nothing.
  CHECK(journal.open(kNow + 24h + 30s).value().waiting.at("b") == std::vector{two});
  CHECK(journal.open(kNow + 25h).value().waiting.empty());
  CHECK(journal.open(kNow + 25h).value().told.size() == 2);
  CHECK(journal.open(kNow + 49h).value().told.empty());
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("outward journal: lines that make no sense are passed over") {
  const std::string good =
      nlohmann::json{{"to", {"a"}}, {"notice", to_json(make_notice(Event::soon, lesson(), kNow))}}.dump() +
      "\n";
  const std::string lines = "\n{\n[]\n{\"notice\":1}\n{\"from\":1}\n{\"from\":\"a\",\"at\":\"x\"}\n" + good +
                            R"({"from":"a","at":1,"ids":[1,"x"]})" + "\n{\"to\":[1],\"notice\":{}}";
  const auto kept = read_journal(lines, kNow, 24h);
  CHECK(kept.told.size() == 1);
  CHECK(kept.waiting.at("a").size() == 1);
}
