#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "relay/ingest/rtmp/flv.hpp"
#include "relay/ingest/rtmp/session.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/collecting_intake.hpp"
#include "tests/unit/relay/rtmp_client.hpp"

using namespace tongke;
using namespace tongke::relay::ingest;
using namespace tongke::relay::ingest::rtmp;
using namespace tongke::tests;

namespace {

struct Peer {
  Intake& intake;
  Counters counted = counters("test");
  int woken = 0;
  Session session{{}, intake, counted, "127.0.0.1", [this] { ++woken; }};

  bool say(const Bytes& bytes) { return session.receive(bytes).has_value(); }

  /// What the server has said since, without the handshake.
  std::vector<Message> heard() {
    Bytes bytes = std::exchange(session.output(), {});
    base::ByteView rest(bytes);
    if (!shaken) rest = rest.subspan(std::min(rest.size(), 1 + 2 * Handshake::kPacketSize));
    shaken = true;
    std::vector<Message> messages;
    while (!rest.empty()) {
      auto message = reader.next(rest);
      REQUIRE(message);
      if (*message) messages.push_back(std::move(**message));
    }
    return messages;
  }

  /// The commands among it, as "name code-or-result".
  std::vector<std::string> heard_commands() {
    std::vector<std::string> all;
    for (const auto& message : heard()) {
      if (message.type != MessageType::command_amf0) continue;
      auto parsed = parse_command(message.payload);
      REQUIRE(parsed);
      std::string line = parsed->name;
      for (const auto& argument : parsed->arguments) {
        const auto* object = argument.object();
        const auto* level = object ? object->find("level") : nullptr;
        if (level)
          line += " " + std::string(level->string()) + " " + std::string(object->find("code")->string());
        if (std::holds_alternative<double>(argument.data))
          line += " " + std::to_string(static_cast<int>(argument.number()));
      }
      all.push_back(line);
    }
    return all;
  }

  bool shaken = false;
  ChunkReader reader{ChunkLimits{}};
};

Bytes fixture(const std::string& name) {
  std::ifstream file(std::string(FIXTURES) + "/rtmp/" + name + ".bin", std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

using Lines = std::vector<std::string>;
const Lines kConnected = {"_result status NetConnection.Connect.Success"};
const Bytes kVideo = {0x17, 1, 0, 0, 0, 9};

}  // namespace

TEST_CASE("rtmp session: recorded encoders are understood, however the network cuts them") {
  struct Case {
    const char* name;
    int closed;  // OBS's recording is cut in the middle, the others say that they stop
    std::size_t videos;
  };
  for (const auto& c :
       {Case{"ffmpeg", 1, 7}, Case{"rtmp2sink", 1, 7}, Case{"librtmp", 1, 7}, Case{"obs", 0, 16}}) {
    const auto bytes = fixture(c.name);
    std::vector<std::uint8_t> whole;
    for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{777}}) {
      INFO(c.name << ", step " << step);
      CollectingIntake intake;
      Peer peer{intake};
      for (std::size_t at = 0; at < bytes.size(); at += step) {
        REQUIRE(peer.session.receive(base::ByteView(bytes).subspan(at, std::min(step, bytes.size() - at))));
      }
      REQUIRE(intake.requests.size() == 1);
      CHECK(intake.requests[0].protocol == "rtmp");
      CHECK(intake.opened == 1);
      CHECK(intake.closed == c.closed);
      std::vector<std::uint8_t> slots;
      std::size_t videos = 0;
      for (const auto& chunk : intake.chunks) {
        if (chunk.kind == ChunkKind::header) slots.push_back(chunk.slot);
        if (chunk.bytes[0] == 9) ++videos;
      }
      REQUIRE(slots.size() >= 4);
      CHECK((slots[0] == flv::kFileHeader && slots[1] == flv::kMetadata));
      CHECK(std::ranges::count(slots, flv::kVideoHeader) == 1);
      CHECK(std::ranges::count(slots, flv::kAudioHeader) == 1);
      CHECK(intake.count(ChunkKind::keyframe) == 1);
      CHECK(videos == c.videos);
      if (whole.empty()) whole = intake.flat();
      CHECK(intake.flat() == whole);
    }
  }
}

TEST_CASE("rtmp session: each command is answered") {
  CollectingIntake intake;
  Peer peer{intake};
  REQUIRE(peer.say(hello() + connect()));
  CHECK(peer.heard_commands() == kConnected);
  struct Case {
    Bytes said;
    Lines heard;
  };
  const auto call = [](const char* name, double transaction) {
    return command({text(name), Value{transaction}, Value{Null{}}, text("m1")});
  };
  for (const auto& c : std::vector<Case>{
           {call("releaseStream", 2), {"_result"}},
           {call("FCPublish", 3), {"onFCPublish status NetStream.Publish.Start", "_result"}},
           {call("createStream", 4), {"_result 1"}},
           {call("_checkbw", 5), {"_result"}},
           {call("getStreamLength", 6), {"_result 0"}},
           {call("FCSubscribe", 7), {"_error error NetConnection.Call.Failed"}},
           {call("whatever", 0), {}},
           {call("_result", 8), {}},
           {publish(), {"onStatus status NetStream.Publish.Start"}},
           {call("FCUnpublish", 9),
            {"onStatus status NetStream.Unpublish.Success",
             "onFCUnpublish status NetStream.Unpublish.Success"}},
           {call("deleteStream", 10), {}},
           {publish(), {"onStatus status NetStream.Publish.Start"}},  // again, on the same connection
           {call("closeStream", 0), {"onStatus status NetStream.Unpublish.Success"}},
       }) {
    INFO(base::as_text(c.said));
    REQUIRE(peer.say(c.said));
    CHECK(peer.heard_commands() == c.heard);
  }
  CHECK((intake.opened == 2 && intake.closed == 2));
  CHECK(peer.session.phase() == Session::Phase::connected);
}

TEST_CASE("rtmp session: refusals are errors in RTMP's words, and the last ones") {
  struct Case {
    const char* name;
    std::optional<base::Error> refusal;
    Bytes said;
    const char* code;
  };
  for (const auto& c : std::vector<Case>{
           {"wrong key", {}, connect() + publish("m1?key=x"), "NetStream.Publish.Denied"},
           {"no key", {}, connect() + publish("m1"), "NetStream.Publish.Denied"},
           {"no name", {}, connect() + command({text("publish"), Value{5.0}}, 1), "NetStream.Publish.Denied"},
           {"ended", base::Error{base::Errc::conflict, "x"}, connect() + publish(),
            "NetStream.Publish.BadName"},
           {"full", base::Error{base::Errc::overload, "x"}, connect() + publish(),
            "NetStream.Publish.Rejected"},
           {"twice", {}, connect() + publish() + publish(), "NetStream.Publish.BadName"},
           {"play",
            {},
            connect() + command({text("play"), Value{0.0}, Value{Null{}}, text("m1")}, 1),
            "NetStream.Play.Failed"},
           {"other application", {}, connect("vod"), "NetConnection.Connect.InvalidApp"},
           {"no command object",
            {},
            command({text("connect"), Value{1.0}}),
            "NetConnection.Connect.InvalidApp"},
       }) {
    INFO(c.name);
    CollectingIntake intake;
    intake.refusal = c.refusal;
    Peer peer{intake};
    REQUIRE(peer.say(hello() + c.said));
    const auto heard = peer.heard_commands();
    REQUIRE_FALSE(heard.empty());
    CHECK(heard.back().ends_with(std::string(" error ") + c.code));
    CHECK(peer.session.phase() == Session::Phase::ended);
    REQUIRE(peer.say(connect() + publish() + Bytes{1, 2, 3}));  // nobody listens any more
    CHECK(peer.session.output().empty());
  }
}

TEST_CASE("rtmp session: nonsense is an error, not a guess") {
  struct Case {
    const char* name;
    Bytes said;
  };
  for (const auto& c : std::vector<Case>{
           {"publish before connect", publish()},
           {"command without transaction", message(MessageType::command_amf0, {2, 0, 1, 'x'})},
           {"command that is no text", message(MessageType::command_amf0, {5, 5})},
           {"cut command", message(MessageType::command_amf0, {2, 0, 9})},
           {"empty AMF3 command", message(MessageType::command_amf3, {})},
           {"short window", message(MessageType::window_ack_size, {1})},
           {"cut aggregate", message(MessageType::aggregate, {9, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0})},
       }) {
    INFO(c.name);
    CollectingIntake intake;
    Peer peer{intake};
    CHECK_FALSE(peer.say(hello() + c.said));
  }
}

TEST_CASE("rtmp session: control messages") {
  CollectingIntake intake;
  Peer peer{intake};
  REQUIRE(peer.say(hello() + connect()));
  (void)peer.heard();

  SECTION("a ping is answered with its own time") {
    REQUIRE(peer.say(message(MessageType::user_control, {0, 6, 1, 2, 3, 4})));
    const auto heard = peer.heard();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].type == MessageType::user_control);
    CHECK(heard[0].payload == Bytes{0, 7, 1, 2, 3, 4});
  }
  SECTION("bytes are acknowledged once a window") {
    REQUIRE(peer.say(message(MessageType::window_ack_size, {0, 0, 0x10, 0})));
    std::size_t acknowledged = 0;
    for (int i = 0; i < 100; ++i) {
      REQUIRE(peer.say(message(MessageType::audio, Bytes(100))));
      for (const auto& message : peer.heard())
        acknowledged += message.type == MessageType::acknowledgement ? 1 : 0;
    }
    CHECK((acknowledged == 2 || acknowledged == 3));
  }
  SECTION("pings go only to publishers") {
    peer.session.ping();
    CHECK((peer.heard().empty() && peer.woken == 0));
    REQUIRE(peer.say(publish()));
    (void)peer.heard();
    peer.session.ping();
    const auto heard = peer.heard();
    CHECK((heard.size() == 1 && heard[0].payload[1] == 6 && peer.woken == 1));
  }
}

TEST_CASE("rtmp session: media") {
  CollectingIntake intake;
  Peer peer{intake};
  REQUIRE(peer.say(hello() + connect()));
  REQUIRE(peer.say(message(MessageType::video, kVideo, 1)));
  CHECK(intake.chunks.empty());  // before publish: nowhere to go
  REQUIRE(peer.say(publish()));

  SECTION("@setDataFrame is an order, what follows it the data; AMF3 wrappers come off") {
    Bytes data;
    amf0::encode(data, text("@setDataFrame"));
    amf0::encode(data, text("onMetaData"));
    REQUIRE(peer.say(message(MessageType::data_amf0, data, 1)));
    REQUIRE(peer.say(message(MessageType::data_amf3, Bytes{0} + data, 1)));
    REQUIRE(intake.chunks.size() == 3);
    CHECK((intake.chunks[1].kind == ChunkKind::header && intake.chunks[1].slot == flv::kMetadata));
    CHECK(intake.chunks[1].bytes == intake.chunks[2].bytes);
  }
  SECTION("an aggregate falls into its tags, on its own time") {
    const auto at = [](std::uint32_t time) { return flv::tag(MessageType::video, time, kVideo); };
    REQUIRE(peer.say(message(MessageType::aggregate, at(1000) + at(1040), 1)));
    REQUIRE(intake.chunks.size() == 3);
    CHECK(intake.chunks[1].bytes == at(0));
    CHECK(intake.chunks[2].bytes == at(40));
  }
  SECTION("empty messages are nothing") {
    REQUIRE(peer.say(message(MessageType::audio, {}, 1) + message(MessageType::video, {}, 1)));
    CHECK(intake.chunks.size() == 1);
  }
}

TEST_CASE("rtmp session: a dismissed publisher is told why, once, and feeds nothing more") {
  for (const auto why : {Dismissal::superseded, Dismissal::lesson_ended, Dismissal::shutting_down}) {
    CollectingIntake intake;
    Peer peer{intake};
    REQUIRE(peer.say(hello() + connect() + publish()));
    (void)peer.heard();
    const auto before = intake.chunks.size();
    peer.session.dismiss(why);
    peer.session.dismiss(why);
    CHECK(peer.heard_commands() == Lines{"onStatus error NetStream.Publish.Rejected"});
    CHECK((peer.woken == 1 && peer.session.phase() == Session::Phase::ended));
    REQUIRE(peer.say(message(MessageType::video, kVideo, 1)));
    CHECK(intake.chunks.size() == before);
  }
}

TEST_CASE("rtmp session: a newer publisher takes over and the older is told") {
  CollectingIntake intake;
  Peer older{intake};
  Peer newer{intake};
  REQUIRE(older.say(hello() + connect() + publish()));
  (void)older.heard();
  REQUIRE(newer.say(hello() + connect() + publish()));
  CHECK(older.heard_commands() == Lines{"onStatus error NetStream.Publish.Rejected"});
  CHECK(newer.session.phase() == Session::Phase::publishing);
  REQUIRE(newer.say(message(MessageType::video, kVideo, 1)));
  CHECK(intake.count(ChunkKind::keyframe) == 1);
}
