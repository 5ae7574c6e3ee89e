#include <fstream>
#include <map>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/unit/signaling/school_day.hpp"

using namespace tongke;
using namespace tongke::signaling;
using namespace std::chrono_literals;
using school::Role;
using test::SchoolDay;
using Json = SchoolDay::Json;

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

}  // namespace

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
                                     {{"t", "freeze"}, {"on", false}, {"room", "r4"}},
                                     // A link that went round: on every device it is "my sister's too".
                                     {{"t", "sibling"}, {"token", day.token(Role::pupil, 12)}}};
  std::set<std::string> said = {"hello", "answer", "chat_judge", "bye", "resume"};
  std::map<ConnectionId, std::uint64_t> asked;
  for (const auto& saying : sayings) {
    said.insert(saying["t"]);
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
  // Those who come late get it all again, and so does who asks for it from the beginning.
  const std::size_t first = everybody.size();
  std::vector<ConnectionId> resumed;
  for (std::size_t i = 0; i < first; ++i) {
    const Json epoch = day.told(everybody[i]).front()["epoch"];
    day.say(everybody[i], {{"t", "bye"}});
    day.drop(everybody[i]);
    const auto [role, number] = who.at(i);
    everybody.push_back(day.enter(role, number));
    day.drop(everybody.back());
    resumed.push_back(day.enter(role, number, {{"epoch", epoch}, {"seq", 0}}));
  }
  everybody.insert(everybody.end(), resumed.begin(), resumed.end());

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
  std::set<std::string> sayable;
  for (const auto& choice : schema["$defs"]["client"]["oneOf"]) {
    const std::string reference = choice["$ref"];
    const Json& frame = schema["$defs"][reference.substr(std::string("#/$defs/").size())];
    sayable.insert((frame.contains("oneOf") ? frame["oneOf"][0] : frame)["properties"]["t"]["const"]);
  }
  CHECK(said == sayable);
}
