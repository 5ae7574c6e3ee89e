#include "school/timetable/air_ledger.hpp"

#include "tests/unit/school/timetable/fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using What = AirEvent::What;

namespace {

const Zone kZone;
const Date kMonday(std::chrono::year(2026) / 3 / 2);

base::WallTime at(std::chrono::milliseconds time) { return kZone.wall(kMonday, time); }

AirLedger ledger() { return {small_people(), RuleSettings()}; }

AirRequest request(std::string id, std::vector<Room> rooms) {
  return {.lesson = std::move(id), .rooms = std::move(rooms)};
}

}  // namespace

TEST_CASE("on air: only the low stage's rooms come to rest at the cap (A8)") {
  AirLedger air = ledger();
  REQUIRE(air.start(request("morning", {kG2}), at(8h)));
  CHECK(air.stop("morning", at(8h + 45min)) == std::vector<AirInterval>{{kG2, at(8h), at(8h + 45min)}});
  CHECK(air.left(kG2, at(9h)) == 15min);
  CHECK(air.left(kG4, at(9h)) == 120min);

  REQUIRE(air.start(request("joint", {kG2, kG4}), at(9h)));
  CHECK(air.next_due() == at(9h + 10min));
  CHECK(air.advance(at(9h + 10min - 1ms)).empty());
  CHECK(air.advance(at(9h + 10min)) ==
        std::vector<AirEvent>{{What::warn_lead, "joint", Code::daily_cap, {kG2}, 5min}});
  CHECK(air.next_due() == at(9h + 14min));
  CHECK(air.advance(at(9h + 14min)) ==
        std::vector<AirEvent>{{What::warn_lead, "joint", Code::daily_cap, {kG2}, 1min}});
  CHECK(air.next_due() == at(9h + 15min));
  CHECK(air.advance(at(9h + 15min)) ==
        std::vector<AirEvent>{{What::rest, "joint", Code::daily_cap, {kG2}, 0ms}});
  CHECK(air.advance(at(9h + 20min)).empty());
  CHECK(air.used(kG2, at(9h + 20min)) == 60min);
  CHECK(air.used(kG4, at(9h + 20min)) == 20min);

  // Nothing more for grade 2 today; grade 4 may go on, also in one lesson with it.
  CHECK(air.refusal(request("more", {kG2}), at(10h))->rule == Code::daily_cap);
  CHECK(air.start(request("more", {kG2}), at(10h)).error().field == "daily_cap");
  REQUIRE(air.start(request("again", {kG2, kG4}), at(10h)));
  CHECK(air.advance(at(10h)) == std::vector<AirEvent>{{What::rest, "again", Code::daily_cap, {kG2}, 0ms}});
  CHECK_FALSE(air.refusal(request("tomorrow", {kG2}), at(24h + 8h)));
}

TEST_CASE("on air: the evening has no key (A9)") {
  AirLedger air = ledger();
  const auto refused = air.refusal(request("late", {kG9}), at(18h + 5min));
  REQUIRE(refused);
  CHECK(refused->rule == Code::evening);
  CHECK(refused->window.from == 18h);
  CHECK(air.start(request("late", {kG9}), at(18h + 5min)).error().field == "evening");
  CHECK(air.refusal(request("early", {kG12}), at(7h + 29min))->rule == Code::evening);
  CHECK_FALSE(air.refusal(request("morning", {kG12}), at(7h + 30min)));
  CHECK_FALSE(air.refusal({.lesson = "qa", .kind = Kind::qa, .rooms = {kG4}, .invited = 3}, at(19h)));
  CHECK(air.refusal({.lesson = "qa", .kind = Kind::qa, .rooms = {kG4}, .invited = 7}, at(19h)));
  CHECK_FALSE(air.refusal({.lesson = "parents", .kind = Kind::parent, .rooms = {}}, at(19h)));

  SECTION("a lesson that runs into it ends for every room, seniors included") {
    REQUIRE(air.start(request("long", {kG9, kG12}), at(17h + 30min)));
    CHECK(air.next_due() == at(17h + 55min));
    CHECK(air.advance(at(17h + 55min)) ==
          std::vector<AirEvent>{{What::warn_lead, "long", Code::evening, {kG9, kG12}, 5min}});
    CHECK(air.advance(at(18h)) ==
          (std::vector<AirEvent>{{What::rest, "long", Code::evening, {kG9, kG12}, 0ms}}));
    CHECK_FALSE(air.next_due());
  }
  SECTION("a few pupils' questions go on and take no air time") {
    REQUIRE(air.start({.lesson = "qa", .kind = Kind::qa, .rooms = {kG2}, .invited = 2}, at(17h + 30min)));
    CHECK_FALSE(air.next_due());
    CHECK(air.advance(at(19h)).empty());
    CHECK(air.used(kG2, at(19h)) == 0ms);
    CHECK(air.stop("qa", at(19h)).empty());
  }
}

TEST_CASE("on air: class and layer group add up for the pupils who are in both") {
  AirLedger air = ledger();
  REQUIRE(air.start(request("class", {kG2}), at(8h)));
  air.stop("class", at(8h + 40min));
  REQUIRE(air.start(request("group", {kGroupA}), at(9h)));
  // Grade 4's pupils of the group have two hours, but 2101 has 20 minutes left.
  CHECK(air.left(kGroupA, at(9h)) == 20min);
  CHECK(air.advance(at(9h + 20min))[0].rooms == std::vector<Room>{kGroupA});
  CHECK(air.left(kG2, at(9h + 20min)) == 0ms);
  CHECK(air.used(kGroupB, at(9h + 20min)) == 0ms);
}

TEST_CASE("on air: a minute in two rooms is one minute") {
  AirLedger air = ledger();
  REQUIRE(air.start(request("both", {kG4, kGroupA}), at(8h)));
  REQUIRE(air.start(request("other", {kGroupB}), at(8h + 5min)));
  CHECK(air.used(kG4, at(8h + 10min)) == 10min);
  air.stop("both", at(8h + 10min));
  CHECK(air.used(kGroupA, at(8h + 30min)) == 10min);
  CHECK(air.used(kGroupB, at(8h + 30min)) == 30min);
}

TEST_CASE("on air: a lesson that starts late in the day's time is warned at once") {
  AirLedger air = ledger();
  air.restore({kG2, at(8h), at(8h + 57min)}, at(9h));
  REQUIRE(air.start(request("last", {kG2}), at(9h)));
  CHECK(air.advance(at(9h)) ==
        std::vector<AirEvent>{{What::warn_lead, "last", Code::daily_cap, {kG2}, 3min}});
  CHECK(air.advance(at(9h + 2min)).size() == 1);
  CHECK(air.advance(at(9h + 2min)).empty());
}

TEST_CASE("on air: nothing of the day is forgotten over a restart, and nothing of yesterday kept") {
  AirLedger before = ledger();
  REQUIRE(before.start(request("a", {kG2, kG4}), at(8h)));
  AirLedger after = ledger();
  for (const AirInterval& interval : before.stop("a", at(8h + 30min))) {
    after.restore(interval, at(9h));
    after.restore(interval, at(9h));  // twice is once
  }
  after.restore({kG2, at(8h - 24h), at(9h - 24h)}, at(9h));
  CHECK(after.used(kG2, at(9h)) == 30min);
  CHECK(after.used(kG4, at(9h)) == 30min);
  CHECK(after.used(kG2, at(33h)) == 0ms);
}

TEST_CASE("on air: a clock set back counts no second twice and loses none") {
  AirLedger air = ledger();
  REQUIRE(air.start(request("a", {kG2}), at(9h)));
  (void)air.advance(at(9h + 30min));
  (void)air.advance(at(9h + 10min));
  CHECK(air.used(kG2, at(9h + 10min)) == 30min);
  CHECK(air.used(kG2, at(9h + 40min)) == 40min);
  (void)air.advance(at(9h + 40min));
  air.stop("a", at(9h + 45min));
  CHECK(air.used(kG2, at(10h)) == 45min);
}

TEST_CASE("on air: midnight begins a new day") {
  AirLedger air = ledger();
  RuleSettings rules;
  rules.evening = {3h, 4h};
  AirLedger night(small_people(), rules);
  REQUIRE(night.start(request("a", {kG9}), at(23h)));
  CHECK(night.used(kG9, at(24h + 10min)) == 10min);
  night.stop("a", at(24h + 20min));
  CHECK(night.used(kG9, at(24h + 30min)) == 20min);
}

TEST_CASE("on air: what cannot be started") {
  AirLedger air = ledger();
  REQUIRE(air.start(request("a", {kG9}), at(9h)));
  CHECK(air.start(request("a", {kG9}), at(9h)).error().kind == base::Errc::conflict);
  CHECK(air.start(request("b", {ClassId{999}}), at(9h)).error().field == "rooms");
  CHECK(air.start(request("c", {GroupId{999}}), at(9h)).error().field == "rooms");
  CHECK(air.stop("unknown", at(9h)).empty());
  CHECK_FALSE(air.left(ClassId{999}, at(9h)));
  CHECK_FALSE(air.left(kG12, at(9h)));
}
