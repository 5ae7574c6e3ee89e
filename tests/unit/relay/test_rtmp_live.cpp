#include <sys/socket.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "relay/ingest/rtmp/server.hpp"
#include "relay/ingest/socket_address.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/collecting_intake.hpp"
#include "tests/unit/relay/program.hpp"

using namespace tongke;
using namespace tongke::relay::ingest;
using namespace std::chrono_literals;
using tests::CollectingIntake;
using tests::Program;

namespace {

// A server on a loop that this thread turns.
struct Door {
  explicit Door(rtmp::ServerSettings settings = {}) {
    auto created = rtmp::Server::create("127.0.0.1", 0, loop.context(), intake, std::move(settings));
    REQUIRE(created);
    server = std::move(*created);
  }
  [[nodiscard]] std::string url(const std::string& key = "secret") const {
    return "rtmp://127.0.0.1:" + std::to_string(server->port()) + "/live/m1?key=" + key;
  }

  base::glib::MainLoop loop;
  CollectingIntake intake;
  std::unique_ptr<rtmp::Server> server;
};

// A bare TCP peer: for what no encoder does.
struct Caller {
  explicit Caller(const rtmp::Server& server) : fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    const auto address = parse_address("127.0.0.1", server.port());
    REQUIRE(address);
    (void)::connect(fd.get(), address->get(), address->size);
  }
  [[nodiscard]] bool hung_up() const {
    std::array<char, 4096> sink{};
    ssize_t got = 0;
    while ((got = ::recv(fd.get(), sink.data(), sink.size(), 0)) > 0) {
    }
    return got == 0 || (errno != EAGAIN && errno != EINPROGRESS && errno != ENOTCONN);
  }
  void say(std::string_view text) const {
    CHECK(::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL) > 0);
  }

  base::Fd fd;
};

const std::string kEndless =
    "ffmpeg -hide_banner -nostdin -loglevel warning -re -f lavfi -i testsrc=size=320x180:rate=25 -t 60 "
    "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p -f flv ";

const std::string kSource =
    "ffmpeg -hide_banner -nostdin -loglevel warning -f lavfi -i testsrc=size=320x180:rate=25 -f lavfi -i "
    "sine=440 "
    "-t 2 -c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p -c:a aac ";
std::string gst_source(const std::string& sink) {
  return "gst-launch-1.0 -q videotestsrc num-buffers=50 ! video/x-raw,width=320,height=180,framerate=25/1 ! "
         "x264enc "
         "speed-preset=ultrafast key-int-max=25 ! h264parse ! flvmux name=m streamable=true ! " +
         sink + " audiotestsrc num-buffers=88 ! audio/x-raw,rate=44100 ! avenc_aac ! aacparse ! m.";
}

}  // namespace

TEST_CASE("rtmp live: real publishers are taken and what they send is FLV that decodes") {
  struct Case {
    const char* name;
    std::function<std::string(const std::string&)> command;
  };
  const std::vector<Case> cases = {
      {"ffmpeg", [](const std::string& url) { return kSource + "-f flv '" + url + "'"; }},
      {"ffmpeg, key in the app's query",
       [](const std::string& url) {
         const auto host = url.substr(0, url.find("/live/"));
         return kSource + "-f flv -rtmp_app 'live?key=secret' -rtmp_playpath m1 '" + host + "/live/m1'";
       }},
      {"rtmp2sink", [](const std::string& url) { return gst_source("rtmp2sink location='" + url + "'"); }},
      {"librtmp (rtmpsink)",
       [](const std::string& url) { return gst_source("rtmpsink location='" + url + " live=1'"); }},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    Door door;
    Program publisher(c.command(door.url()));
    REQUIRE(publisher.wait(door.loop, 30s));
    INFO(publisher.output());
    CHECK(publisher.status() == 0);
    REQUIRE(door.intake.opened == 1);
    REQUIRE(tests::turn_until(door.loop, 5s, [&] { return door.intake.closed == 1; }));
    const auto& chunks = door.intake.chunks;
    REQUIRE(chunks.size() > 50);
    CHECK((chunks[0].kind == ChunkKind::header && chunks[0].slot == 0));
    CHECK(door.intake.count(ChunkKind::keyframe) == 2);
    const auto decoded = tests::decode(door.intake.flat(), "flv");
    CHECK(decoded.video_frames == 50);
    CHECK(decoded.audio_frames > 80);
    CHECK(decoded.complaints == "");
  }
}

TEST_CASE("rtmp live: a wrong key is an error in the publisher's own words") {
  struct Case {
    const char* name;
    std::function<std::string(const std::string&)> command;
    const char* says;
  };
  const std::vector<Case> cases = {
      {"ffmpeg", [](const std::string& url) { return kSource + "-f flv '" + url + "'"; },
       "Wrong key, or no such lesson"},
      {"rtmp2sink", [](const std::string& url) { return gst_source("rtmp2sink location='" + url + "'"); },
       "denied"},
      {"librtmp (rtmpsink)",
       [](const std::string& url) { return gst_source("rtmpsink location='" + url + " live=1'"); },
       "Could not"},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    Door door;
    Program publisher(c.command(door.url("wrong")));
    REQUIRE(publisher.wait(door.loop, 20s));
    INFO(publisher.output());
    CHECK(publisher.status() != 0);
    CHECK(publisher.output().find(c.says) != std::string::npos);
    CHECK(door.intake.chunks.empty());
    CHECK(tests::turn_until(door.loop, 5s, [&] { return door.server->connections() == 0; }));
  }
}

TEST_CASE("rtmp live: the newer of two publishers stays, the older learns why") {
  Door door;
  Program older(kEndless + "'" + door.url() + "'");
  REQUIRE(tests::turn_until(door.loop, 10s, [&] { return door.intake.count(ChunkKind::keyframe) > 0; }));
  Program newer(kEndless + "'" + door.url() + "'");
  REQUIRE(older.wait(door.loop, 15s));
  INFO(older.output());
  CHECK(older.status() != 0);
  CHECK(older.output().find("Another device took over") != std::string::npos);
  CHECK(door.intake.opened == 2);
  const auto before = door.intake.chunks.size();
  CHECK(tests::turn_until(door.loop, 5s, [&] { return door.intake.chunks.size() > before + 10; }));
  CHECK(newer.running());

  bool stopped = false;
  door.server->stop([&] { stopped = true; });
  CHECK(tests::turn_until(door.loop, 5s, [&] { return stopped; }));
  CHECK(door.intake.closed == 2);
  REQUIRE(newer.wait(door.loop, 10s));
  CHECK(newer.output().find("restarting") != std::string::npos);
}

TEST_CASE("rtmp live: who is silent, slow, too many or no RTMP peer is let go") {
  rtmp::ServerSettings settings;
  settings.max_connections = 2;
  settings.deadlines = {.publish = 600ms, .ping = 100ms, .idle = 300ms, .goodbye = 100ms};
  Door door(settings);
  const auto counted = counters("rtmp");
  const double refused = counted.refused.Value();
  const double malformed = counted.malformed.Value();
  const double timeouts = counted.timeouts.Value();

  const Caller silent(*door.server);
  const Caller slow(*door.server);
  REQUIRE(tests::turn_until(door.loop, 5s, [&] { return door.server->connections() == 2; }));
  const Caller third(*door.server);
  CHECK(tests::turn_until(door.loop, 5s, [&] { return third.hung_up(); }));
  CHECK(counted.refused.Value() == refused + 1);

  // One byte of a handshake now and then keeps nobody in.
  slow.say("\x03");
  const base::glib::Timer drip(door.loop.context(), 50ms,
                               [&] { (void)::send(slow.fd.get(), "x", 1, MSG_NOSIGNAL); });
  CHECK(tests::turn_until(door.loop, 5s, [&] { return silent.hung_up(); }));
  CHECK(tests::turn_until(door.loop, 5s, [&] { return slow.hung_up(); }));
  CHECK(counted.timeouts.Value() == timeouts + 2);

  const Caller stranger(*door.server);
  REQUIRE(tests::turn_until(door.loop, 5s, [&] { return door.server->connections() == 1; }));
  stranger.say("GET / HTTP/1.1\r\n\r\n");
  CHECK(tests::turn_until(door.loop, 5s, [&] { return stranger.hung_up(); }));
  CHECK(counted.malformed.Value() == malformed + 1);
  CHECK(door.server->connections() == 0);
}

TEST_CASE("rtmp live: a taken port and a name for an address are errors at once") {
  Door door;
  CHECK(
      rtmp::Server::create("127.0.0.1", door.server->port(), door.loop.context(), door.intake).error().kind ==
      base::Errc::io);
  CHECK(rtmp::Server::create("example", 0, door.loop.context(), door.intake).error().kind ==
        base::Errc::invalid);
}
