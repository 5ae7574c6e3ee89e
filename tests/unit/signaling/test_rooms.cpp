#include <array>
#include <fstream>
#include <set>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/json_schema.hpp"
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
Json question(const std::string& room) {
  Json frame = {{"t", "check"},
                {"media_time", 760'000},
                {"items",
                 {{{"kind", "single"}, {"text", "哪个大？"}, {"options", {"3/4", "2/3"}}, {"right", {0}}},
                  {{"kind", "number"}, {"text", "1/2+1/4="}, {"right", "0.75"}}}}};
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

TEST_CASE("rooms: a whole morning tells no pupil another's name, and every frame fits the schema") {
  std::ifstream in(SIGNAL_SCHEMA);
  const Json schema = Json::parse(in);
  SchoolDay day;
  std::vector<std::pair<Role, std::uint32_t>> who;
  for (const std::uint32_t number : {1U, 2U, 3U, 11U, 12U}) {
    who.emplace_back(Role::pupil, number);
    who.emplace_back(Role::guardian, number);
  }
  const std::size_t audience = who.size();
  for (const Role role : {Role::lead, Role::office, Role::technician, Role::inspector})
    who.emplace_back(role, 150);
  who.emplace_back(Role::teacher, SchoolDay::kBothTeacher);
  who.emplace_back(Role::teacher, SchoolDay::kFourTeacher);
  std::vector<ConnectionId> everybody;
  for (const auto& [role, number] : who) everybody.push_back(day.enter(role, number));
  const std::vector<Json> sayings = {presence("playing"),
                                     presence("stalled"),
                                     {{"t", "companion"}, {"who", "mother"}},
                                     {{"t", "unclear"}, {"media_time", 5}},
                                     note("看黑板", "r2"),
                                     note("看书"),
                                     {{"t", "page"}, {"media_time", 5}, {"page", 8}},
                                     {{"t", "chapter"}, {"media_time", 5}, {"text", "例题"}},
                                     question("r2"),
                                     question(""),
                                     {{"t", "rollcall"}, {"room", "r4"}},
                                     {{"t", "here"}},
                                     {{"t", "hand"}, {"on", true}},
                                     {{"t", "help"}, {"text", "不会通分"}},
                                     {{"t", "help"}, {"text", "别急"}, {"seat", 1}, {"room", "r2"}},
                                     {{"t", "chat"}, {"text", "还没开"}},
                                     {{"t", "chat_mode"}, {"mode", "moderated"}, {"room", "r4"}},
                                     {{"t", "chat_mode"}, {"mode", "open"}, {"room", "r2"}},
                                     {{"t", "chat"}, {"text", "大家好"}},
                                     {{"t", "digest"}, {"text", "九人没懂"}, {"room", "r2"}},
                                     {{"t", "hand"}, {"on", false}, {"seat", 2}, {"room", "r2"}},
                                     {{"t", "freeze"}, {"on", true}},
                                     {{"t", "freeze"}, {"on", false}, {"room", "r4"}}};
  std::map<ConnectionId, std::uint64_t> asked;
  for (const auto& saying : sayings) {
    for (const auto id : everybody) day.say(id, saying);
    (void)day.enter(Role::pupil, 1);  // one device too many, now and then
    day.pass(15s);
    for (const auto id : everybody) {
      const auto told = day.told(id);  // answering adds to it
      for (const auto& frame : told) {
        if (frame["t"] == "check" && std::exchange(asked[id], frame["seq"]) != frame["seq"])
          day.say(id, {{"t", "answer"}, {"check", frame["seq"]}, {"item", 0}, {"choices", {1}}});
        if (frame["t"] == "chat" && frame.contains("pending"))
          day.say(id, {{"t", "chat_judge"}, {"id", frame["id"]}, {"show", frame["id"].get<int>() % 2 == 0}});
      }
    }
    day.pass(15s);
  }
  day.hub().rest("l1", "r2", protocol::Rest::cap, day.now());
  day.hub().warn("l1", "r4", protocol::Rest::evening, 5min, day.now());
  day.hub().set_on_air("l1", protocol::OnAir::interrupted, day.now());
  day.hub().set_on_air("l1", protocol::OnAir::live, day.now());
  day.pass(1s);
  // Those who come late get it all again.
  const std::size_t first = everybody.size();
  for (std::size_t i = 0; i < first; ++i) {
    day.drop(everybody[i]);
    const auto [role, number] = who.at(i);
    everybody.push_back(day.enter(role, number));
  }

  const std::map<std::uint32_t, std::string> names = {
      {1, "李明"}, {2, "张芳"}, {3, "王磊"}, {11, "赵敏"}, {12, "孙丽"}};
  std::set<std::string> types;
  for (std::size_t i = 0; i < everybody.size(); ++i) {
    const std::size_t person = i % first;
    for (const auto& frame : day.told(everybody[i])) {
      INFO(to_string(who[person].first) << ": " << frame.dump());
      types.insert(frame["t"]);
      CHECK(test::schema_problem(schema, "/$defs/server", frame) == "");
      CHECK(frame.dump().size() <= protocol::kMaxFrame);
      for (const auto& [number, name] : names) {
        const bool own = person < audience && who[person].second == number;
        const bool four_teacher = person + 1 == first;
        const bool teaches = person + 2 == first || (four_teacher && number > 10);
        if (!own && !teaches) CHECK(frame.dump().find(name) == std::string::npos);
      }
      // Nor another's score, help or flag.
      const std::string type = frame["t"];
      if (person < audience) {
        for (const char* grown_up :
             {"roster", "seats", "tally", "answers", "unclear", "counts", "digest", "warning"})
          CHECK(type != grown_up);
        if (type == "help") CHECK(frame["seat"] == who[person].second);
        if (type == "check") CHECK(frame.dump().find("right") == std::string::npos);
        if (frame.contains("seat")) CHECK(frame["seat"] == who[person].second);
      }
    }
  }
  // Nothing of the protocol was left out, but what ends a connection.
  std::set<std::string> known;
  for (const auto& choice : schema["$defs"]["server"]["oneOf"]) {
    const std::string reference = choice["$ref"];
    known.insert(reference.substr(std::string("#/$defs/").size()));
  }
  known.erase("bye");
  CHECK(types == known);
}
