#include <thread>

#include "tests/support/catch.hpp"
#include "tests/unit/signaling/school_day.hpp"

using namespace tongke;
using namespace tongke::signaling;
using namespace std::chrono_literals;
using school::Role;
using test::SchoolDay;
using Json = SchoolDay::Json;

namespace {

Json check(const std::string& room = {}) {
  Json frame = Json::parse(R"({"t":"check","media_time":760000,"items":[
      {"kind":"single","text":"3/4和2/3哪个大？","options":["3/4","2/3"],"right":[0]},
      {"kind":"number","text":"1/2+1/4=","right":"0.75"},
      {"kind":"truth","text":"分母越大分数越大"}]})");
  if (!room.empty()) frame["room"] = room;
  return frame;
}
Json answer(std::uint64_t check, int item, const Json& choices) {
  return {{"t", "answer"}, {"check", check}, {"item", item}, {"choices", choices}};
}
std::string last_error(SchoolDay& day, ConnectionId id) {
  const auto errors = day.take(id, "error");
  return errors.empty() ? "" : errors.back()["code"].get<std::string>();
}
/// The server anew, until its log's own thread has written what `ready` waits for.
template <class Ready>
void restart_until(SchoolDay& day, Ready ready) {
  const auto deadline = base::Steady::now() + 20s;
  do {
    std::this_thread::yield();
    day.restart();
  } while (!ready() && base::Steady::now() < deadline);
}

}  // namespace

TEST_CASE(
    "teaching: a check is answered: names to the own teacher, numbers to the lead, his own to the pupil") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto other = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto one = day.enter(Role::pupil, 1);
  const auto two = day.enter(Role::pupil, 2);
  const auto eleven = day.enter(Role::pupil, 11);
  day.say(teacher, check("r2"));
  const auto asked = day.take(one, "check");
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["items"].size() == 3);
  CHECK(asked[0].dump().find("right") == std::string::npos);
  CHECK(day.take(eleven, "check").empty());
  CHECK(day.take(lead, "check").size() == 1);
  const std::uint64_t id = asked[0]["seq"];

  day.say(one, answer(id, 0, {0}));
  const auto own = day.take(one, "answer");
  REQUIRE(own.size() == 1);
  CHECK(own[0]["right"] == true);
  day.say(two, answer(id, 0, {1}));
  day.say(two, {{"t", "answer"}, {"check", id}, {"item", 1}, {"number", "00.750"}});
  CHECK(day.take(two, "answer").back()["right"] == true);
  day.pass(250ms);
  const auto tallies = day.take(lead, "tally");
  REQUIRE(tallies.size() == 1);
  CHECK(tallies[0]["items"][0] == Json::parse(R"({"kind":"single","answered":2,"right":1,"choices":[1,1]})"));
  CHECK(tallies[0]["items"][1]["numbers"] == Json::parse(R"([{"number":"0.75","count":1}])"));
  const auto names = day.take(teacher, "answers");
  REQUIRE(names.size() == 2);
  CHECK(names[0]["seats"] == Json::parse(R"([{"seat":1,"label":"李明","choices":[0],"right":true},
                                             {"seat":2,"label":"张芳","choices":[1],"right":false}])"));
  for (const auto nobody : {other, one, two, eleven}) {
    CHECK(day.take(nobody, "answers").empty());
    CHECK(day.take(nobody, "tally").empty());
  }
  // A changed mind counts once.
  day.say(two, answer(id, 0, {0}));
  day.pass(250ms);
  CHECK(day.take(lead, "tally").at(0)["items"][0]["choices"] == Json::parse("[2,0]"));
}

TEST_CASE("teaching: answers must fit the question, and the class it was put to") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  const auto eleven = day.enter(Role::pupil, 11);
  day.say(teacher, check("r2"));
  const std::uint64_t id = day.take(pupil, "check").at(0)["seq"];
  day.say(pupil, answer(id, 0, {0, 1}));
  CHECK(last_error(day, pupil) == "out_of_range");
  day.say(pupil, answer(id, 2, {2}));
  CHECK(last_error(day, pupil) == "out_of_range");
  day.say(pupil, answer(id, 1, {0}));
  CHECK(last_error(day, pupil) == "out_of_range");
  day.say(pupil, answer(id, 3, {0}));
  CHECK(last_error(day, pupil) == "not_found");
  day.say(pupil, answer(id + 7, 0, {0}));
  CHECK(last_error(day, pupil) == "not_found");
  day.say(eleven, answer(id, 0, {0}));
  CHECK(last_error(day, eleven) == "not_found");
  day.say(teacher, answer(id, 0, {0}));
  CHECK(last_error(day, teacher) == "forbidden");
  for (std::size_t i = 0; i < ClassWork::kMaxChecks; ++i) {
    day.pass(1s);
    day.say(teacher, check("r4"));
  }
  CHECK(last_error(day, teacher) == "too_many");
}

TEST_CASE("teaching: checks, pages, chapters and answers survive a restart") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  auto pupil = day.enter(Role::pupil, 11);
  day.say(lead, check());
  day.say(lead, {{"t", "page"}, {"media_time", 1000}, {"page", 12}, {"text", "数学书"}});
  day.say(lead, {{"t", "chapter"}, {"media_time", 1000}, {"text", "例题讲解"}});
  const Json asked = day.take(pupil, "check").at(0);
  day.say(pupil, answer(asked["seq"], 0, {0}));
  std::vector<Json> told;
  restart_until(day, [&] {
    pupil = day.enter(Role::pupil, 11);
    told = day.told(pupil);
    return told.size() == 5;
  });
  REQUIRE(told.size() == 5);
  CHECK(told[1] == asked);
  CHECK(told[2]["t"] == "page");
  CHECK(told[3]["text"] == "例题讲解");
  CHECK(told[4] ==
        Json({{"t", "answer"}, {"check", asked["seq"]}, {"item", 0}, {"choices", {0}}, {"right", true}}));
  const auto teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  CHECK(day.take(teacher, "answers").at(0)["seats"][0]["label"] == "赵敏");
}

TEST_CASE("teaching: a check too long for a frame is refused, not cut") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  Json frame = {{"t", "check"}, {"media_time", 1}, {"items", Json::array()}};
  std::string lines;
  for (int i = 0; i < 180; ++i) lines += "\n";
  for (int i = 0; i < 4; ++i) frame["items"].push_back({{"kind", "truth"}, {"text", lines + "?"}});
  REQUIRE(frame.dump().size() < protocol::kMaxFrame);
  day.say(teacher, frame);
  CHECK(last_error(day, teacher) == "too_long");
}

TEST_CASE("teaching: the roll-call is one, and whoever answers is seen to be there") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  day.say(pupil, {{"t", "here"}});
  CHECK(last_error(day, pupil) == "not_found");
  day.say(teacher, {{"t", "rollcall"}, {"room", "r2"}});
  CHECK(day.take(pupil, "rollcall").size() == 1);
  day.say(teacher, {{"t", "rollcall"}, {"room", "r2"}});
  CHECK(last_error(day, teacher) == "once");
  day.say(lead, {{"t", "rollcall"}});
  CHECK(last_error(day, lead) == "once");
  day.say(teacher, {{"t", "rollcall"}, {"room", "r4"}});
  CHECK(last_error(day, teacher).empty());
  day.pass(250ms);
  (void)day.take(teacher, "");
  day.say(pupil, {{"t", "here"}});
  day.pass(250ms);
  CHECK(day.take(teacher, "seats").at(0)["seats"][0]["here"] == true);
  CHECK(day.take(lead, "counts").back()["rooms"][0]["here"] == 1);
  ConnectionId again = 0;
  std::vector<Json> rosters;
  restart_until(day, [&] {  // the call and the answer lie in two files: both have to be there
    again = day.enter(Role::teacher, SchoolDay::kBothTeacher);
    rosters = day.take(again, "roster");
    return !day.take(day.enter(Role::pupil, 1), "rollcall").empty() && !rosters.empty() &&
           rosters[0]["seats"][0].contains("here");
  });
  CHECK(rosters.at(0)["seats"][0]["here"] == true);
  day.say(again, {{"t", "rollcall"}, {"room", "r2"}});
  CHECK(last_error(day, again) == "once");
}

TEST_CASE("teaching: A11, help is between a pupil and his own teacher, whoever else is there") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto other = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  const auto classmate = day.enter(Role::pupil, 2);
  const auto inspector = day.enter(Role::inspector, 7);
  const auto office = day.enter(Role::office, 7);
  day.say(pupil, {{"t", "help"}, {"text", "老师，通分我不会"}});
  const auto asked = day.take(teacher, "help");
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["label"] == "李明");
  CHECK(asked[0]["teacher"] == false);
  day.say(teacher, {{"t", "help"}, {"seat", 1}, {"room", "r2"}, {"text", "看第11页例2"}});
  CHECK(day.take(pupil, "help").back()["text"] == "看第11页例2");
  for (const auto nobody : {lead, other, classmate, inspector, office})
    CHECK(day.take(nobody, "help").empty());
  day.say(other, {{"t", "help"}, {"seat", 1}, {"room", "r4"}, {"text", "不是我的学生"}});
  CHECK(last_error(day, other) == "not_found");
  day.say(other, {{"t", "help"}, {"seat", 1}, {"room", "r2"}, {"text", "不是我的班"}});
  CHECK(last_error(day, other) == "forbidden");
  day.say(lead, {{"t", "help"}, {"seat", 1}, {"text", "我是主讲"}});
  CHECK(last_error(day, lead) == "forbidden");
  // The thread is there when either comes again, also after a restart; nothing of it is an event.
  restart_until(day, [&] { return day.take(day.enter(Role::pupil, 1), "help").size() == 2; });
  CHECK(day.take(day.enter(Role::pupil, 1), "help").size() == 2);
  CHECK(day.take(day.enter(Role::pupil, 2), "help").empty());
  CHECK(day.take(day.enter(Role::teacher, SchoolDay::kBothTeacher), "help").size() == 2);
  CHECK(day.file(".events").find("通分") == std::string::npos);
  CHECK(day.file(".talk").find("通分") != std::string::npos);
}

TEST_CASE("teaching: hands are seen by the own teacher, and by nobody else as names") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  const auto classmate = day.enter(Role::pupil, 2);
  day.pass(250ms);
  for (const auto id : {lead, teacher, pupil, classmate}) (void)day.take(id, "");
  day.say(pupil, {{"t", "hand"}, {"on", true}});
  day.say(pupil, {{"t", "hand"}, {"on", true}});
  CHECK(day.take(pupil, "hand").size() == 1);
  day.pass(250ms);
  CHECK(day.take(teacher, "seats").at(0)["seats"][0].contains("hand"));
  CHECK(day.take(lead, "counts").at(0)["rooms"][0]["hands"] == 1);
  CHECK(day.told(classmate).empty());
  CHECK(day.take(day.enter(Role::pupil, 1), "hand").size() == 1);
  day.say(teacher, {{"t", "hand"}, {"on", false}, {"seat", 1}, {"room", "r2"}});
  CHECK(day.take(pupil, "hand").at(0)["on"] == false);
  day.say(teacher, {{"t", "hand"}, {"on", true}, {"seat", 1}, {"room", "r2"}});
  CHECK(last_error(day, teacher) == "not_found");
}

TEST_CASE("teaching: the chat is closed until the own teacher opens it, and classmates have no names in it") {
  SchoolDay day;
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto other = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  const auto classmate = day.enter(Role::pupil, 2);
  const auto eleven = day.enter(Role::pupil, 11);
  const auto guardian = day.enter(Role::guardian, 2);
  const auto say = [&](ConnectionId id, const char* text) { day.say(id, {{"t", "chat"}, {"text", text}}); };
  say(pupil, "有人吗");
  CHECK(last_error(day, pupil) == "closed");
  day.say(other, {{"t", "chat_mode"}, {"mode", "open"}, {"room", "r2"}});
  CHECK(last_error(day, other) == "forbidden");
  day.say(pupil, {{"t", "chat_mode"}, {"mode", "open"}});
  CHECK(last_error(day, pupil) == "forbidden");
  day.say(teacher, {{"t", "chat_mode"}, {"mode", "moderated"}, {"room", "r2"}});
  CHECK(day.take(pupil, "chat_mode").at(0)["mode"] == "moderated");
  CHECK(day.take(eleven, "chat_mode").empty());

  say(pupil, "老师好");
  const Json waiting = day.take(teacher, "chat").at(0);
  CHECK(waiting["from"] == "李明");
  CHECK(waiting["pending"] == true);
  CHECK(day.take(pupil, "chat").at(0)["mine"] == true);
  CHECK(day.take(classmate, "chat").empty());
  day.say(classmate, {{"t", "chat_judge"}, {"id", waiting["id"]}, {"show", true}});
  CHECK(last_error(day, classmate) == "forbidden");
  day.say(other, {{"t", "chat_judge"}, {"id", waiting["id"]}, {"show", true}});
  CHECK(last_error(day, other) == "not_found");
  day.say(teacher, {{"t", "chat_judge"}, {"id", waiting["id"]}, {"show", true}});
  const Json shown = day.take(classmate, "chat").at(0);
  CHECK_FALSE(shown.contains("from"));
  CHECK_FALSE(shown.contains("seat"));
  CHECK(day.take(guardian, "chat").size() == 1);
  CHECK(day.take(eleven, "chat").empty());
  CHECK(day.take(other, "chat").empty());

  day.say(teacher, {{"t", "chat_judge"}, {"id", waiting["id"]}, {"show", false}});
  CHECK(day.take(classmate, "chat_gone").at(0)["id"] == waiting["id"]);
  CHECK(day.take(day.enter(Role::pupil, 3), "chat").empty());
  day.say(teacher, {{"t", "chat"}, {"text", "同学们好"}, {"room", "r2"}});
  CHECK(day.take(classmate, "chat").at(0)["from"] == "李老师");
  CHECK(day.file(".events").find("老师好") == std::string::npos);
}

TEST_CASE("teaching: freezing closes pupils' mouths at once; teachers go on") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto pupil = day.enter(Role::pupil, 11);
  day.say(teacher, {{"t", "chat_mode"}, {"mode", "open"}});
  day.say(lead, {{"t", "freeze"}, {"on", true}});
  for (const Json& frame : {Json{{"t", "chat"}, {"text", "捣乱"}}, Json{{"t", "help"}, {"text", "捣乱"}},
                            Json{{"t", "hand"}, {"on", true}}}) {
    day.say(pupil, frame);
    CHECK(last_error(day, pupil) == "frozen");
  }
  day.say(teacher, {{"t", "chat"}, {"text", "安静"}});
  CHECK(day.take(pupil, "chat").size() == 1);
}

TEST_CASE("teaching: a digest line reaches the lead, not the pupils and not another class's teacher") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto teacher = day.enter(Role::teacher, SchoolDay::kBothTeacher);
  const auto other = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  const auto pupil = day.enter(Role::pupil, 1);
  day.say(teacher, {{"t", "digest"}, {"text", "2班：分数线没听懂 9人"}, {"room", "r2"}});
  const auto told = day.take(lead, "digest");
  REQUIRE(told.size() == 1);
  CHECK(told[0]["label"] == "三(2)班");
  CHECK(told[0]["from"] == "李老师");
  CHECK(day.take(other, "digest").empty());
  CHECK(day.take(pupil, "digest").empty());
  CHECK(day.take(day.enter(Role::lead, 100), "digest").size() == 1);
}

TEST_CASE("teaching: A8, one class rests while the other goes on; the lead was warned") {
  SchoolDay day;
  const auto lead = day.enter(Role::lead, 100);
  const auto two = day.enter(Role::pupil, 1);
  const auto four = day.enter(Role::pupil, 11);
  const auto four_teacher = day.enter(Role::teacher, SchoolDay::kFourTeacher);
  day.hub().warn("l1", "r2", protocol::Rest::cap, 5min, day.now());
  CHECK(day.take(lead, "warning").at(0)["minutes"] == 5);
  CHECK(day.take(two, "warning").empty());
  CHECK(day.take(four_teacher, "warning").empty());
  day.hub().rest("l1", "r2", protocol::Rest::cap, day.now());
  CHECK(day.take(two, "rest").at(0)["why"] == "cap");
  CHECK(day.take(four, "rest").empty());
  CHECK(day.take(lead, "rest").size() == 1);
  CHECK(day.told(day.enter(Role::pupil, 2)).at(0)["rooms"][0]["rest"] == "cap");
  const auto counts = day.take(day.enter(Role::office, 7), "counts");
  CHECK(counts.at(0)["rooms"][0]["rest"] == "cap");
  CHECK_FALSE(counts.at(0)["rooms"][1].contains("rest"));
  day.hub().rest("l1", "", protocol::Rest::none, day.now());
  CHECK(day.take(two, "rest").at(0)["why"] == "none");
  CHECK(day.take(four, "rest").size() == 1);
  day.hub().rest("l1", "r9", protocol::Rest::cap, day.now());
  CHECK(day.take(lead, "rest").size() == 1);
}
