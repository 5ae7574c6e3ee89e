#include "signaling/own_work.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/signaling/school_day.hpp"

using namespace tongke;
using namespace tongke::signaling;
using namespace std::chrono_literals;
using school::Role;
using test::SchoolDay;
using Json = SchoolDay::Json;

namespace {

constexpr const char* kEvents =
    R"({"t":"epoch","epoch":"abcdefghij"}
{"t":"check","seq":5,"from":"李老师","room":"r2","media_time":1,"items":[{"kind":"single","text":"哪个大？","options":["3/4","2/3"],"right":[0]},{"kind":"number","text":"1/2+1/4="}]}
{"t":"check","seq":9,"media_time":2,"items":[{"kind":"truth","text":"对吗？","right":[1]}]}
)";

std::string talk(const char* seat) {
  return std::string(R"({"t":"help","id":1,"room":"r2","seat":)") + seat +
         R"(,"teacher":false,"text":"不会","at":1000}
{"t":"help","id":2,"room":"r2","seat":)" +
         seat + R"(,"teacher":true,"from":"李老师","text":"看例2","at":2000}
{"t":"chat","id":3,"room":"r2","seat":)" +
         seat + R"(,"shown":0,"text":"老师好","at":3000}
{"t":"chat","id":4,"room":"r2","from":"李老师","shown":1,"text":"大家好","at":4000}
{"t":"chat","id":3,"room":"r2","seat":)" +
         seat + R"(,"shown":1,"text":"老师好","at":3000}
)";
}

}  // namespace

TEST_CASE("own work: a child's answers with their questions, and the last of each") {
  struct Case {
    const char* name;
    const char* events;
    const char* answers;
    Json expected;  // [check, item, choices, number, question known, right]
    bool here;
  };
  const std::vector<Case> cases = {
      {"nothing", "", "", Json::parse("[]"), false},
      {"a right and a wrong one", kEvents, "a 5 0 r2 7 c1\na 9 0 r2 7 c1\n",
       Json::parse(R"([[5,0,1,"",true,true],[9,0,1,"",true,false]])"), false},
      {"a changed mind", kEvents, "a 5 0 r2 7 c1\na 5 0 r2 7 c2\n", Json::parse(R"([[5,0,2,"",true,false]])"),
       false},
      {"a number nobody judges", kEvents, "a 5 1 r2 7 n0.75\n", Json::parse(R"([[5,1,0,"0.75",true,null]])"),
       false},
      {"in a room the lesson no longer has", kEvents, "a 9 0 gone 7 c2\n",
       Json::parse(R"([[9,0,2,"",true,true]])"), false},
      {"the question is no longer kept", "", "a 5 0 r2 7 c1\nh r2 7\n",
       Json::parse(R"([[5,0,1,"",false,null]])"), true},
      {"another's", kEvents, "a 5 0 r2 8 c1\na 5 0 r2 77 c1\nh r2 8\n", Json::parse("[]"), false},
      {"no lines of ours", kEvents, "a\na 5 0 r2 7\na 5 0 r2 7 x1\nh r2 7 8\nb 5 0 r2 7 c1\na 5 0 r2 7 c1",
       Json::parse("[]"), false}};
  for (const auto& one : cases) {
    INFO(one.name);
    const auto own = own_work({.events = one.events, .answers = one.answers}, 7);
    Json found = Json::array();
    for (const auto& [check, item, reply, question, right] : own.answers) {
      found.push_back({check, item, reply.choices, reply.number, question.has_value(),
                       right ? Json(*right) : Json(nullptr)});
    }
    CHECK(found == one.expected);
    CHECK(own.here == one.here);
    CHECK(own.empty() == (one.expected.empty() && !one.here));
  }
}

TEST_CASE("own work: both sides of the private thread, and one's own lines of the chat") {
  const auto own = own_work({.talk = talk("7") + talk("8")}, 7);
  REQUIRE(own.help.size() == 2);
  CHECK_FALSE(own.help[0].from_teacher);
  CHECK(own.help[0].text == "不会");
  CHECK(own.help[1].from_teacher);
  CHECK(own.help[1].from == "李老师");
  REQUIRE(own.chat.size() == 1);
  CHECK(own.chat[0].text == "老师好");
  CHECK(own.chat[0].shown == Talk::Shown::shown);
  CHECK(own_work({.talk = talk("8")}, 7).empty());
}

TEST_CASE("talk: a line without its child says only that its number was given") {
  struct Case {
    std::string line;
    std::string after;
  };
  const std::string others = R"({"t":"help","id":1,"room":"r2","seat":8,"teacher":false,"text":"7","at":7})";
  for (const auto& [line, after] :
       {Case{R"({"t":"help","id":12,"room":"r2","seat":7,"teacher":true,"text":"看例2","at":1})",
             R"({"id":12,"t":"gone"})"},
        Case{R"({"t":"chat","id":13,"room":"gone","seat":7,"shown":1,"text":"好","at":1})",
             R"({"id":13,"t":"gone"})"},
        Case{others, others}, Case{"seat 7", "seat 7"}, Case{"", ""}, Case{"[7]", "[7]"}}) {
    std::string text = line;
    Talk::take_out(text, 7);
    CHECK(text == after);
  }
  Talk read;
  CHECK_FALSE(read.read(R"({"id":13,"t":"gone"})", [](auto) { return std::optional<std::uint16_t>(0); }));
  CHECK(read.add(Talk::HelpNote{}).id == 14);
}

TEST_CASE("a child who is erased: nothing of it stays in the lesson, on disk or on a screen of the class") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto one = day.enter(Role::pupil, 1);
  const auto two = day.enter(Role::pupil, 2);
  day.say(teacher, Json::parse(R"({"t":"check","room":"r2","media_time":1,"items":[
      {"kind":"single","text":"?","options":["a","b"],"right":[0]}]})"));
  const std::uint64_t check = day.take(one, "check").at(0)["seq"];
  day.say(teacher, {{"t", "rollcall"}, {"room", "r2"}});
  day.say(teacher, {{"t", "chat_mode"}, {"mode", "open"}, {"room", "r2"}});
  for (const auto pupil : {one, two}) {
    day.say(pupil, {{"t", "answer"}, {"check", check}, {"item", 0}, {"choices", {0}}});
    day.say(pupil, {{"t", "here"}});
    day.say(pupil, {{"t", "help"}, {"text", "我不会"}});
    day.say(pupil, {{"t", "chat"}, {"text", "老师好"}});
    day.say(pupil, {{"t", "unclear"}, {"media_time", 1}});
  }
  day.say(teacher, {{"t", "help"}, {"text", "看例2"}, {"seat", 1}, {"room", "r2"}});
  day.pass(250ms);
  const auto said = day.take(two, "chat");
  REQUIRE(said.size() == 2);
  (void)day.take(teacher, "");

  day.withdrawn.insert(1);
  day.renew_plan();
  day.hub().replan_all();
  REQUIRE(day.ended(one));
  day.hub().forget_seat(1, day.now());
  day.drop(one);
  day.pass(250ms);
  const auto gone = day.take(two, "chat_gone");
  REQUIRE(gone.size() == 1);
  CHECK(gone[0]["id"] == said[0]["id"]);
  Json roster;
  Json tally;
  for (const auto& frame : day.told(teacher)) {
    if (frame["t"] == "roster") roster = frame["seats"];
    if (frame["t"] == "tally") tally = frame["items"];
  }
  CHECK(roster.dump().find(R"("seat":1,)") == std::string::npos);
  CHECK(roster.dump().find(R"("seat":2,)") != std::string::npos);
  CHECK(tally[0]["answered"] == 1);
  // Its teacher cannot write to it any more, and who comes is told nothing of it.
  day.say(teacher, {{"t", "help"}, {"text", "还在吗"}, {"seat", 1}, {"room", "r2"}});
  CHECK(day.take(teacher, "error").size() == 1);
  const auto again = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  for (const auto& frame : day.told(again)) {
    CHECK(frame.value("seat", 0) != 1);
    CHECK(frame.dump().find(R"("seat":1,)") == std::string::npos);
  }

  REQUIRE(day.log().settle());
  EventStore store(day.log());
  CHECK_FALSE(store.of_seat("l1", 1).value().empty());
  REQUIRE(store.forget_answers("l1", 1));
  REQUIRE(store.forget_talk("l1", 1));
  CHECK(store.of_seat("l1", 1).value().empty());
  const auto other = store.of_seat("l1", 2).value();
  CHECK(other.here);
  CHECK(other.answers.size() == 1);
  CHECK(other.help.size() == 1);
  CHECK(other.chat.size() == 1);
  day.restart();
  const auto later = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  std::size_t told = 0;
  for (const auto& frame : day.told(later)) {
    if (frame["t"] == "help") ++told;
    if (frame["t"] == "help") CHECK(frame["seat"] == 2);
  }
  CHECK(told == 1);
}
