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

std::string server_frame(const std::string& name) {
  for (const auto& fixture : fixtures("server.json")) {
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
        name == "blank note" || name == "note with control characters")
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
  for (const auto& fixture : fixtures("server.json")) {
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
