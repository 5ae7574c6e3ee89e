#include <fstream>
#include <sstream>

#include "signaling/protocol/decode.hpp"
#include "signaling/protocol/encode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_schema.hpp"

using namespace tongke;
using namespace tongke::signaling;
using namespace tongke::signaling::protocol;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json load(const std::string& path) {
  std::ifstream in(path);
  REQUIRE(in);
  return json::parse(in);
}
json fixtures(const std::string& name) { return load(std::string(FIXTURES) + "/signaling/" + name); }
const json& schema() {
  static const json instance = load(SIGNAL_SCHEMA);
  return instance;
}

json server_fixtures() {
  json all = fixtures("server.json");
  for (const auto& fixture : fixtures("server-teaching.json")) all.push_back(fixture);
  return all;
}
std::string server_frame(const std::string& name) {
  for (const auto& fixture : server_fixtures()) {
    if (fixture["name"] == name) return fixture["frame"].dump();
  }
  FAIL("no fixture " << name);
  return {};
}
// The order of fields is ours to choose.
void check_frame(const std::string& frame, const std::string& name) {
  INFO(name);
  CHECK(json::parse(frame).dump() == server_frame(name));
  CHECK(frame.size() <= kMaxFrame);
}

constexpr base::WallTime kWall{1'770'000'000'000ms};

}  // namespace

TEST_CASE("protocol: client frames are taken or refused with the code of the fixtures") {
  for (const auto& fixture : fixtures("client.json")) {
    INFO(fixture["name"]);
    const auto message = decode(fixture["frame"].get<std::string>());
    if (!fixture.contains("error")) {
      REQUIRE(message.has_value());
      continue;
    }
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error().message == fixture["error"]);
    CHECK(message.error().field == fixture["field"]);
  }
}

TEST_CASE("protocol: the schema takes and refuses the same client frames") {
  for (const auto& fixture : fixtures("client.json")) {
    INFO(fixture["name"]);
    const std::string frame = fixture["frame"];
    const json parsed = json::parse(frame, nullptr, false);
    // What no schema of values can say: text that is no JSON, twice the same field, bytes, blanks.
    const std::string name = fixture["name"];
    if (parsed.is_discarded() || name == "a field twice" || name == "frame too long" ||
        name == "blank note" || name == "note with control characters" || name == "a question's field twice")
      continue;
    const std::string problem = test::schema_problem(schema(), "/$defs/client", parsed);
    CAPTURE(problem);
    CHECK(problem.empty() == !fixture.contains("error"));
  }
}

TEST_CASE("protocol: decoded values") {
  const auto presence = decode(R"({"t":"presence","media_time":610500,"state":"audio","rendition":"360p"})");
  REQUIRE(presence);
  const auto& heartbeat = std::get<Presence>(*presence);
  CHECK(heartbeat.media_time == 610'500ms);
  CHECK(heartbeat.state == Play::audio);
  CHECK(heartbeat.rendition == "360p");

  const auto resumed =
      decode(R"({"t":"resume","token":"T","epoch":"e","seq":17,"device":"d","screen":"tv"})");
  REQUIRE(resumed);
  const auto& hello = std::get<Hello>(*resumed);
  CHECK(hello.resume == Point{"e", 17});
  CHECK(hello.screen == Screen::tv);
  CHECK(hello.device == "d");

  const auto noted = decode(R"({"t":"note","media_time":1,"text":"\u7b2c12题\n\"","room":"r2"})");
  REQUIRE(noted);
  CHECK(std::get<Note>(*noted).text == "第12题\n\"");
  CHECK(std::get<Note>(*noted).room == "r2");
}

TEST_CASE("protocol: bytes that are no UTF-8 are no JSON") {
  const auto message = decode("{\"t\":\"note\",\"media_time\":1,\"text\":\"\xC3\x28\"}");
  REQUIRE_FALSE(message);
  CHECK(message.error().message == "bad_json");
}

TEST_CASE("protocol: every fixture of a server frame fits the schema") {
  for (const auto& fixture : server_fixtures()) {
    INFO(fixture["name"]);
    CHECK(test::schema_problem(schema(), "/$defs/server", fixture["frame"]) == "");
  }
}

TEST_CASE("protocol: server frames are the fixtures") {
  Welcome pupil{.lesson = "l1",
                .role = school::Role::pupil,
                .rooms = {{"r2", "三(2)班"}},
                .seat = 7,
                .label = "李明",
                .at = {"k3m9", 12},
                .resumed = false,
                .state = OnAir::live,
                .frozen = false,
                .now = kWall};
  check_frame(encode::welcome(pupil), "welcome of a pupil");
  Welcome lead{.lesson = "l1",
               .role = school::Role::lead,
               .rooms = {},
               .seat = std::nullopt,
               .label = "王老师",
               .at = {"k3m9", 12},
               .resumed = true,
               .state = OnAir::waiting,
               .frozen = true,
               .now = kWall};
  check_frame(encode::welcome(lead), "welcome of a lead");
  check_frame(encode::beat(12), "beat");
  check_frame(encode::state(13, OnAir::ended), "state");
  check_frame(encode::slate(14, true, "reconnecting"), "slate");
  check_frame(encode::slate(15, false, ""), "slate goes");
  check_frame(encode::freeze(16, "", true), "freeze");
  check_frame(encode::freeze(17, "r2", false), "freeze of a room");
  check_frame(encode::note(18, "r2", "李老师", {754s, "2班：第12题(2)\"先别做\"\n\\看黑板", ""}),
              "note to a room");
  check_frame(encode::note(19, "", "王老师", {0s, "翻到第八页", ""}), "note to all");
  check_frame(encode::companion(Who::mother, kWall), "companion");
  check_frame(encode::companion(Who::none, std::nullopt), "no companion");
  check_frame(encode::device("r2", 7, "李明"), "third device");
  check_frame(encode::bye(Close::third_device), "bye");
  check_frame(encode::error("unknown_field", "name"), "error");
  check_frame(encode::error("bad_json", ""), "error of no field");
}

TEST_CASE("protocol: lists of people are the fixtures") {
  const std::vector<TeacherLine> own = {{"李老师", {}, 3}};
  check_frame(encode::cowatch("r2", own).at(0), "cowatch to a room");
  const std::vector<TeacherLine> all = {{"李老师", {"三(2)班", "三(4)班"}, 3}, {"", {}, 0}};
  check_frame(encode::cowatch("", all).at(0), "cowatch to the lead");
  check_frame(encode::cowatch("", {}).at(0), "nobody co-watches");
  const std::vector<SeatLine> seats = {
      {.seat = 7,
       .label = "李明",
       .state = "playing",
       .devices = 2,
       .tv = true,
       .companion = Who::mother,
       .since = kWall},
      {.seat = 8, .label = "张芳", .state = "absent", .since = std::nullopt}};
  check_frame(encode::roster("r2", seats).at(0), "roster");
  const std::vector<SeatLine> changed = {{.seat = 8, .label = "", .state = "media", .since = kWall}};
  check_frame(encode::seats("r2", changed).at(0), "seats");
  const std::vector<RoomCount> counts = {{"r2", "三(2)班", 42, 40, 1, 2, 1, 5, 9},
                                         {.room = "r4", .label = ""}};
  check_frame(encode::counts(counts).at(0), "counts");
  const std::vector<UnclearSeat> unclear = {{7, "李明", 800s}};
  check_frame(encode::unclear("r2", unclear).at(0), "unclear");
}

TEST_CASE("protocol: what is asked, answered and told are the fixtures") {
  const Check check{.media_time = 760s,
                    .items = {{Ask::single, "3/4和2/3哪个大？", {"3/4", "2/3"}, Reply{1, ""}},
                              {Ask::multi, "哪些是真分数？", {"1/2", "5/4", "2/2", "3/7"}, Reply{9, ""}},
                              {Ask::truth, "分母越大分数越大", {}, Reply{2, ""}},
                              {Ask::number, "1/2+1/4=", {}, Reply{0, "0.75"}}},
                    .room = ""};
  check_frame(encode::page(20, "r2", "李老师", {754s, 12, "数学书", ""}), "page");
  check_frame(encode::page(21, "", "王老师", {754s, 8, "", ""}), "page to all");
  check_frame(encode::chapter(22, {600s, "例题讲解"}), "chapter");
  check_frame(encode::check(23, "r2", "李老师", check), "check");
  check_frame(encode::answer({23, 1, {9, ""}}, true), "answer by choices");
  check_frame(encode::answer({23, 3, {0, "-0.75"}}, std::nullopt), "answer by a number");
  const std::vector<ItemTally> tallies = {{Ask::single, 40, 33, {33, 7}, {}},
                                          {Ask::number, 3, std::nullopt, {}, {{"0.75", 2}, {"3", 1}}}};
  check_frame(encode::tally(23, "r2", tallies), "tally");
  const std::vector<AnswerLine> lines = {{7, "李明", {1, ""}, true}, {8, "", {0, "3"}, std::nullopt}};
  check_frame(encode::answers(23, "r2", 0, lines).at(0), "answers");
  check_frame(encode::rollcall(24, ""), "rollcall");
  check_frame(encode::rollcall(24, "r2"), "rollcall of a room");
  check_frame(encode::digest(25, "r2", "三(2)班", "李老师", "分数线没听懂 9人"), "digest");
  check_frame(encode::help({3, "r2", 7, "李明", false, "老师，通分我不会", kWall}), "help");
  check_frame(encode::hand(true), "hand");
  check_frame(encode::chat({5, "r2", "", false, false, false, "老师好", kWall}), "chat to a pupil");
  check_frame(encode::chat({5, "r2", "", false, true, true, "老师好", kWall}), "chat to its author");
  check_frame(encode::chat({5, "r2", "李明", false, false, true, "老师好", kWall}), "chat to the teacher");
  check_frame(encode::chat({6, "r2", "李老师", true, false, false, "同学们好", kWall}),
              "chat of the teacher");
  check_frame(encode::chat_gone(5, "r2"), "chat line gone");
  check_frame(encode::chat_mode(26, "r2", ChatMode::moderated), "chat opens");
  check_frame(encode::rest(27, "r2", Rest::cap), "rest");
  check_frame(encode::rest(28, "", Rest::none), "rest is over");
  check_frame(encode::warning(29, "r2", Rest::cap, 5min), "warning");
  const Welcome resting{.lesson = "l1",
                        .role = school::Role::pupil,
                        .rooms = {{"r2", "三(2)班", ChatMode::open, Rest::evening}},
                        .seat = std::nullopt,
                        .label = "",
                        .at = {"k3m9", 12},
                        .state = OnAir::live,
                        .now = kWall};
  check_frame(encode::welcome(resting), "welcome to a class that rests");
  const std::vector<SeatLine> seats = {
      {.seat = 7, .label = "", .state = "playing", .devices = 1, .since = {}, .hand = kWall, .here = true}};
  check_frame(encode::seats("r2", seats).at(0), "hands and answers to the roll-call");
  RoomCount count{.room = "r2", .label = "", .expected = 42, .present = 40};
  count.hands = 2;
  count.here = 39;
  count.rest = Rest::cap;
  check_frame(encode::counts(std::span(&count, 1)).at(0), "counts of a class that rests");
}

TEST_CASE("protocol: a check comes apart as it was said") {
  const auto message = decode(
      R"({"t":"check","media_time":1,"items":[{"kind":"multi","text":"哪些？","options":["A","B","C"],"right":[2,0]},)"
      R"({"kind":"number","text":"多少？","right":"-007.50"}]})");
  REQUIRE(message);
  const auto& items = std::get<Check>(*message).items;
  REQUIRE(items.size() == 2);
  CHECK(items[0] == CheckItem{Ask::multi, "哪些？", {"A", "B", "C"}, Reply{5, ""}});
  CHECK(items[1].right == Reply{0, "-7.5"});
  const auto answer = decode(R"({"t":"answer","check":9,"item":4,"choices":[5]})");
  REQUIRE(answer);
  CHECK(std::get<Answer>(*answer).reply.choices == 32);
}

TEST_CASE("protocol: numbers that are equal are spelled alike") {
  const std::vector<std::pair<const char*, const char*>> good = {{"0", "0"},
                                                                 {"-0", "0"},
                                                                 {"-0.000", "0"},
                                                                 {"007", "7"},
                                                                 {"7.50", "7.5"},
                                                                 {"0.75", "0.75"},
                                                                 {"123456789.123456", "123456789.123456"},
                                                                 {"-12.0", "-12"}};
  for (const auto& [said, tidy] : good) CHECK(tidy_number(said) == std::string(tidy));
  for (const char* bad :
       {"", "-", ".5", "5.", "1e3", "1 2", "+1", "1234567890", "1.2345678", "--1", "1,5", "NaN"}) {
    INFO(bad);
    CHECK_FALSE(tidy_number(bad));
  }
}

TEST_CASE("protocol: an answer must be of the question's kind") {
  const CheckItem single{Ask::single, "?", {"A", "B"}, {}};
  const CheckItem multi{Ask::multi, "?", {"A", "B", "C"}, {}};
  const CheckItem truth{Ask::truth, "?", {}, {}};
  const CheckItem number{Ask::number, "?", {}, {}};
  CHECK(answers({1, ""}, single));
  CHECK_FALSE(answers({3, ""}, single));
  CHECK_FALSE(answers({4, ""}, single));
  CHECK(answers({7, ""}, multi));
  CHECK_FALSE(answers({8, ""}, multi));
  CHECK(answers({2, ""}, truth));
  CHECK_FALSE(answers({3, ""}, truth));
  CHECK(answers({0, "1"}, number));
  for (const auto& item : {single, multi, truth}) CHECK_FALSE(answers({0, "1"}, item));
  CHECK_FALSE(answers({1, ""}, number));
}

TEST_CASE("protocol: long lists are cut into frames that each fit, and none is lost") {
  std::vector<SeatLine> seats;
  for (std::uint32_t i = 0; i < 60; ++i) {
    seats.push_back({.seat = i,
                     .label = "欧阳\"上官\"" + std::to_string(i),
                     .state = "playing",
                     .devices = 2,
                     .tv = true,
                     .companion = Who::grandparent,
                     .since = kWall});
  }
  const auto frames = encode::roster("r2", seats);
  CHECK(frames.size() > 1);
  std::uint32_t next = 0;
  for (std::size_t part = 0; part < frames.size(); ++part) {
    CHECK(frames[part].size() <= kMaxFrame);
    const json frame = json::parse(frames[part]);
    CHECK(test::schema_problem(schema(), "/$defs/server", frame) == "");
    CHECK(frame["part"] == part);
    CHECK(frame["parts"] == frames.size());
    for (const auto& seat : frame["seats"]) CHECK(seat["seat"] == next++);
  }
  CHECK(next == seats.size());
}

TEST_CASE("protocol: the longest note fits a frame, whatever is in it") {
  std::string text(200, '\n');
  text.back() = 'x';
  CHECK(encode::note(UINT64_MAX, std::string(32, 'r'), std::string(96, '"'), {168h, text, ""}).size() <=
        kMaxFrame);
}
