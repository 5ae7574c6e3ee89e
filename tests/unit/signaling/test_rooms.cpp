#include <set>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/unit/signaling/school_day.hpp"

using namespace tongke;
using namespace tongke::signaling;
using namespace std::chrono_literals;
using school::Role;
using test::SchoolDay;
using Json = SchoolDay::Json;
using protocol::Close;

namespace {

Json presence(const char* state, int media_time = 1000) {
  return {{"t", "presence"}, {"media_time", media_time}, {"state", state}};
}
Json note(const std::string& text, const std::string& room = {}) {
  Json frame = {{"t", "note"}, {"media_time", 754'000}, {"text", text}};
  if (!room.empty()) frame["room"] = room;
  return frame;
}
/// The last thing said about a seat in roster and seats frames.
Json seat(SchoolDay& day, ConnectionId id, std::uint32_t number) {
  Json last;
  for (const auto& frame : day.told(id)) {
    if (frame["t"] != "roster" && frame["t"] != "seats") continue;
    for (const auto& line : frame["seats"]) {
      if (line["seat"] == number) last = line;
    }
  }
  return last;
}

}  // namespace

TEST_CASE("rooms: a pupil is welcomed and its teacher sees it come, stall, and go") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  CHECK(seat(day, teacher, 1)["state"] == "absent");
  const auto pupil = day.enter(Role::pupil, 1);
  const Json welcome = day.told(pupil).at(0);
  CHECK(welcome["t"] == "welcome");
  CHECK(welcome["rooms"] == Json::parse(R"([{"id":"r2","label":"三(2)班"}])"));
  CHECK(welcome["label"] == "李明");
  CHECK(welcome["state"] == "live");
  day.say(pupil, presence("playing"));
  CHECK(day.told(pupil).back()["t"] == "beat");
  day.pass(250ms);
  CHECK(seat(day, teacher, 1)["state"] == "playing");
  for (const char* state : {"stalled", "audio", "paused"}) {
    day.say(pupil, presence(state));
    day.pass(250ms);
    CHECK(seat(day, teacher, 1)["state"] == state);
  }
  day.drop(pupil);
  day.pass(250ms);
  CHECK(seat(day, teacher, 1)["state"] == "gone");
  day.hub().note_media(school::Token{.role = Role::pupil, .lesson = "l1", .seat = 1}, day.now());
  day.pass(250ms);
  CHECK(seat(day, teacher, 1)["state"] == "media");  // an old player, without a websocket
  day.pass(Room::kMediaLasts + 1s);
  CHECK(seat(day, teacher, 1)["state"] == "gone");
}

TEST_CASE("rooms: A2, a subject teacher's note reaches her class alone, and the lead sees who co-watches") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto other_teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto two = day.enter(Role::pupil, 1);
  const auto four = day.enter(Role::pupil, 11);
  day.say(teacher, note("2班：第12题(2)先别做", "r2"));
  const auto notes = day.take(two, "note");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0]["text"] == "2班：第12题(2)先别做");
  CHECK(notes[0]["media_time"] == 754'000);
  CHECK(notes[0]["from"] == "李老师");
  for (const auto nobody : {four, other_teacher, lead}) CHECK(day.take(nobody, "note").empty());
  CHECK(day.take(teacher, "note").size() == 1);

  day.pass(3min + 250ms);
  const auto late_lead = day.enter(Role::lead, 100);
  const auto here = day.take(late_lead, "cowatch");
  REQUIRE(here.size() == 1);
  CHECK(here[0]["teachers"].size() == 3);  // the lead herself is one
  CHECK(here[0]["teachers"][1] ==
        Json::parse(R"({"label":"李老师","rooms":["三(2)班","三(4)班"],"minutes":3})"));
  const auto pupils_list = day.take(day.enter(Role::pupil, 2), "cowatch");
  REQUIRE(pupils_list.size() == 1);
  CHECK(pupils_list[0]["teachers"] == Json::parse(R"([{"label":"李老师","rooms":[],"minutes":3}])"));
}

TEST_CASE("rooms: who holds several rooms must say which; another's room is refused") {
  SchoolDay day;
  const auto both = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto four = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  day.say(both, note("哪个班？"));
  day.say(four, note("不是我的班", "r2"));
  day.say(four, note("没有这个班", "r9"));
  day.say(pupil, note("大家好", "r2"));
  for (const auto id : {both, four, pupil}) {
    CHECK_FALSE(day.take(id, "error").empty());
    CHECK_FALSE(day.ended(id));
  }
  day.say(four, note("我的班"));
  CHECK(day.take(four, "note").size() == 1);
}

TEST_CASE("rooms: a note of the lead reaches everybody") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto two = day.enter(Role::pupil, 1);
  const auto four = day.enter(Role::guardian, 11);
  day.say(lead, note("翻到第八页"));
  for (const auto id : {lead, two, four}) CHECK(day.take(id, "note").size() == 1);
}

TEST_CASE("rooms: what a phone missed in 90 s comes exactly once") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto lead = day.enter(Role::lead, 100);
  auto phone = day.enter(Role::pupil, 11, {{"device", "phone"}});
  const Json welcome = day.told(phone).at(0);
  day.say(teacher, note("第一条"));
  std::uint64_t seen = day.take(phone, "note").at(0)["seq"];
  day.drop(phone);
  day.pass(45s);
  day.say(teacher, note("第二条"));
  day.hub().set_on_air("l1", protocol::OnAir::interrupted, day.now());
  day.say(lead, note("第三条"));
  day.pass(45s);
  const auto come_back = [&] {
    phone = day.enter(Role::pupil, 11, {{"device", "phone"}, {"epoch", welcome["epoch"]}, {"seq", seen}});
  };
  come_back();
  std::vector<std::string> types;
  std::set<std::uint64_t> numbers;
  for (const auto& frame : day.told(phone)) {
    if (!frame.contains("seq") || frame["t"] == "welcome") continue;
    types.push_back(frame["t"]);
    CHECK(frame["seq"] > seen);
    seen = frame["seq"];
    CHECK(numbers.insert(seen).second);
  }
  CHECK(day.told(phone).at(0)["resumed"] == true);
  CHECK(types == std::vector<std::string>{"note", "state", "slate", "note"});
  come_back();
  CHECK(day.take(phone, "note").empty());
}

TEST_CASE("rooms: after a restart of the server notes are there, and numbers never come twice") {
  SchoolDay day;
  auto teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  auto pupil = day.enter(Role::pupil, 11);
  const std::string epoch = day.told(pupil).at(0)["epoch"];
  day.say(teacher, note("第一条"));
  day.say(teacher, note("第二条"));
  const std::uint64_t first = day.take(pupil, "note").at(0)["seq"];
  // The log's own thread writes: wait until a new server finds both.
  const auto deadline = base::Steady::now() + 20s;
  std::vector<Json> missed;
  while (missed.size() < 2 && base::Steady::now() < deadline) {
    day.restart();
    missed = day.take(day.enter(Role::pupil, 11), "note");
    std::this_thread::yield();
  }
  REQUIRE(missed.size() == 2);
  pupil = day.enter(Role::pupil, 11, {{"epoch", epoch}, {"seq", first}});
  CHECK(day.told(pupil).at(0)["resumed"] == true);
  const auto rest = day.take(pupil, "note");
  REQUIRE(rest.size() == 1);
  CHECK(rest[0]["text"] == "第二条");
  teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  day.say(teacher, note("第三条"));
  CHECK(day.take(pupil, "note").at(0)["seq"] > rest[0]["seq"]);
}

TEST_CASE("rooms: a third device is refused and the class's teacher told; the same device comes back") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto other = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto phone = day.enter(Role::pupil, 1, {{"device", "phone"}});
  const auto tv = day.enter(Role::pupil, 1, {{"device", "tv"}, {"screen", "tv"}});
  const auto third = day.enter(Role::pupil, 1, {{"device", "tablet"}});
  CHECK(day.ended(third) == Close::third_device);
  const auto told = day.take(teacher, "device");
  REQUIRE(told.size() == 1);
  CHECK(told[0]["label"] == "李明");
  CHECK(day.take(other, "device").empty());
  (void)day.enter(Role::pupil, 1, {{"device", "tablet"}});
  CHECK(day.take(teacher, "device").empty());  // once in a while is enough
  // The phone lost its network; the server has not noticed yet.
  const auto again = day.enter(Role::pupil, 1, {{"device", "phone"}});
  CHECK(day.ended(phone) == Close::replaced);
  CHECK_FALSE(day.ended(again));
  CHECK_FALSE(day.ended(tv));
  day.say(phone, presence("playing"));  // its last words are not heard
  day.drop(phone);
  day.pass(250ms);
  const Json line = seat(day, teacher, 1);
  CHECK(line["devices"] == 2);
  CHECK(line["tv"] == true);
}

TEST_CASE("rooms: companions are declared, shown to the own teacher and the own devices") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto phone = day.enter(Role::pupil, 1);
  const auto classmate = day.enter(Role::pupil, 2);
  day.pass(5s);
  day.say(phone, {{"t", "companion"}, {"who", "grandparent"}});
  const auto echo = day.take(phone, "companion");
  REQUIRE(echo.size() == 1);
  CHECK(echo[0]["who"] == "grandparent");
  CHECK(day.take(classmate, "companion").empty());
  day.pass(250ms);
  const Json line = seat(day, teacher, 1);
  CHECK(line["companion"] == "grandparent");
  CHECK(line["since"] == (SchoolDay::kEight + 5s).time_since_epoch().count());
  CHECK(day.take(day.enter(Role::pupil, 1), "companion").size() == 1);
  day.say(phone, {{"t", "companion"}, {"who", "none"}});
  day.pass(250ms);
  CHECK_FALSE(seat(day, teacher, 1).contains("companion"));
}

TEST_CASE("rooms: two children at one phone are both there") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto phone = day.enter(Role::pupil, 1);
  day.say(phone, {{"t", "sibling"}, {"token", day.token(Role::pupil, 11)}});
  day.say(phone, presence("playing"));
  day.pass(250ms);
  CHECK(seat(day, teacher, 1)["state"] == "playing");
  CHECK(seat(day, teacher, 11)["state"] == "playing");
  day.book().read("l1", [](const school::attendance::Ledger& ledger) {
    CHECK(ledger.find(1) != nullptr);
    CHECK(ledger.find(11) != nullptr);
  });
  day.say(phone, {{"t", "sibling"}, {"token", day.token(Role::pupil, 1, "l2")}});
  CHECK(day.take(phone, "error").back()["code"] == "other_lesson");
  day.say(phone, {{"t", "sibling"}, {"token", "nonsense"}});
  CHECK(day.take(phone, "error").back()["code"] == "not_found");
  day.drop(phone);
  day.pass(250ms);
  CHECK(seat(day, teacher, 11)["state"] == "gone");
}

TEST_CASE("rooms: who did not follow is a number to the lead, a name to the own teacher") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto other = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  day.pass(250ms);
  for (const auto id : {lead, teacher, other}) (void)day.take(id, "");
  day.say(pupil, {{"t", "unclear"}, {"media_time", 800'000}});
  day.say(pupil, {{"t", "unclear"}, {"media_time", 801'000}});
  day.pass(250ms);
  CHECK(day.told(lead).size() == 1);
  const auto counts = day.take(lead, "counts");
  REQUIRE(counts.size() == 1);
  CHECK(counts[0]["rooms"][0]["unclear"] == 1);
  CHECK(counts[0].dump().find("李明") == std::string::npos);
  const auto names = day.take(teacher, "unclear");
  REQUIRE(names.size() == 1);
  CHECK(names[0]["seats"] == Json::parse(R"([{"seat":1,"label":"李明","media_time":801000}])"));
  CHECK(day.take(other, "unclear").empty());
  day.pass(Room::kUnclearLasts + 1s);
  CHECK(day.take(teacher, "unclear").back()["count"] == 0);
}

TEST_CASE("rooms: an inspector sees numbers and who co-watches, and nobody sees him") {
  SchoolDay day;
  const auto pupil = day.enter(Role::pupil, 1);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  day.pass(250ms);
  (void)day.take(pupil, "");
  (void)day.take(teacher, "");
  const auto inspector = day.enter(Role::inspector, 200);
  day.pass(250ms);
  CHECK(day.told(pupil).empty());
  CHECK(day.told(teacher).empty());
  std::set<std::string> types;
  for (const auto& frame : day.told(inspector)) {
    types.insert(frame["t"]);
    CHECK(frame.dump().find("李明") == std::string::npos);
  }
  CHECK(types == std::set<std::string>{"welcome", "cowatch", "counts"});
  day.say(inspector, note("我是督导"));
  CHECK(day.take(inspector, "error").back()["code"] == "forbidden");
}

TEST_CASE("rooms: freeze reaches all it is for at once, and those who come later") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto two = day.enter(Role::pupil, 1);
  const auto four = day.enter(Role::pupil, 11);
  day.say(teacher, {{"t", "freeze"}, {"on", true}});
  CHECK(day.take(two, "freeze").empty());
  CHECK(day.take(four, "freeze").size() == 1);
  day.say(lead, {{"t", "freeze"}, {"on", true}});
  CHECK(day.take(two, "freeze").size() == 1);
  CHECK(day.told(day.enter(Role::pupil, 2)).at(0)["frozen"] == true);
  day.say(two, {{"t", "freeze"}, {"on", false}});
  CHECK(day.take(two, "error").back()["code"] == "forbidden");
}

TEST_CASE("rooms: strangers, withdrawn links and silence end with their reasons") {
  SchoolDay day;
  const auto forged = day.open();
  day.say(forged, {{"t", "hello"}, {"token", "AQAAAAAHAcPQemoxMg"}});
  CHECK(day.ended(forged) == Close::not_found);
  const auto elsewhere = day.open();
  day.say(elsewhere, {{"t", "hello"}, {"token", day.token(Role::pupil, 1, "l2")}});
  CHECK(day.ended(elsewhere) == Close::not_found);
  day.withdrawn.insert(3);
  CHECK(day.ended(day.enter(Role::pupil, 3)) == Close::not_found);
  const auto early = day.open();
  day.say(early, presence("playing"));
  CHECK(day.ended(early) == Close::bad_frame);
  const auto twice = day.enter(Role::pupil, 1);
  day.say(twice, {{"t", "hello"}, {"token", day.token(Role::pupil, 1)}});
  CHECK(day.ended(twice) == Close::bad_frame);
  const auto silent = day.open();
  day.pass(Hub::kHelloDeadline);
  CHECK_FALSE(day.ended(silent));
  day.pass(1s);
  CHECK(day.ended(silent) == Close::no_hello);
  const auto polite = day.enter(Role::pupil, 2);
  day.say(polite, {{"t", "bye"}});
  CHECK(day.ended(polite) == Close::normal);
}

TEST_CASE("rooms: whoever's place is another now must come again, whoever has none must go") {
  SchoolDay day;
  const auto stays = day.enter(Role::pupil, 1);
  const auto leaves = day.enter(Role::pupil, 2);
  const auto moves = day.enter(Role::pupil, 3);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  day.hub().replan_all();
  for (const auto id : {stays, leaves, moves, teacher}) CHECK_FALSE(day.ended(id));  // nothing changed
  day.withdrawn.insert(2);
  day.moved.insert(3);
  day.renew_plan();
  day.hub().replan_all();
  CHECK_FALSE(day.ended(stays));
  CHECK_FALSE(day.ended(teacher));
  CHECK(day.ended(leaves) == Close::not_found);
  CHECK(day.ended(moves) == Close::restarting);
}

TEST_CASE("rooms: who talks too much is told once, then not heard, then sent away") {
  SchoolDay day;
  const auto pupil = day.enter(Role::pupil, 1);
  for (unsigned i = 0; i < 40; ++i) day.say(pupil, presence("playing"));
  CHECK(day.take(pupil, "error").size() == 1);
  CHECK_FALSE(day.ended(pupil));
  day.pass(5s);
  day.say(pupil, presence("playing"));
  CHECK(day.take(pupil, "beat").size() == 1);
  for (unsigned i = 0; i < 100; ++i) day.say(pupil, presence("playing"));
  CHECK(day.ended(pupil) == Close::too_fast);
}

TEST_CASE("rooms: heartbeats are attendance while live, and replay once it ended") {
  SchoolDay day;
  const auto pupil = day.enter(Role::pupil, 1);
  day.say(pupil, presence("stalled"));  // bad network is not absence
  const auto paused = day.enter(Role::pupil, 2);
  day.say(paused, presence("paused"));
  const auto tv = day.enter(Role::pupil, 3, {{"screen", "tv"}});
  day.say(tv, presence("playing"));
  day.hub().set_on_air("l1", protocol::OnAir::ended, day.now());
  day.say(pupil, presence("playing", 125'000));
  day.book().read("l1", [](const school::attendance::Ledger& ledger) {
    REQUIRE(ledger.find(1) != nullptr);
    CHECK(ledger.find(1)->minutes.size() == 1);
    CHECK(ledger.find(1)->replayed == std::vector<bool>{false, false, true});
    CHECK(ledger.find(2) == nullptr);
    CHECK(ledger.find(3)->minutes.at(0).evidence == 4);
  });
}
