#include <srt/access_control.h>
#include <sys/socket.h>

#include <string>
#include <thread>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "relay/ingest/socket_address.hpp"
#include "relay/ingest/srt/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/collecting_intake.hpp"
#include "tests/unit/relay/program.hpp"

using namespace tongke;
using namespace tongke::relay::ingest;
using namespace std::chrono_literals;
using tests::CollectingIntake;
using tests::Program;

namespace {

/// Knows what CollectingIntake knows.
struct Keys final : Doorkeeper {
  base::Result<void> admits(const std::string& lesson, const std::string& key) const override {
    if (lesson == "ended") return base::Error{base::Errc::conflict, "The lesson has ended."};
    if (lesson == "m1" && (key == "secret" || key == "outdated")) return {};
    return base::Error{base::Errc::forbidden, "Wrong key, or no such lesson."};
  }
};

// A server whose control is this thread.
struct Door {
  explicit Door(srt::EndpointSettings settings = {}) {
    auto created = srt::Server::create("127.0.0.1", 0, loop, intake, keys, settings);
    REQUIRE(created);
    server = std::move(*created);
  }
  [[nodiscard]] std::string url(const std::string& stream_id = "publish:m1:secret") const {
    return "srt://127.0.0.1:" + std::to_string(server->port()) + "?streamid=" + stream_id;
  }

  base::glib::MainLoop loop;
  CollectingIntake intake;
  Keys keys;
  std::unique_ptr<srt::Server> server;
};

/// A bare libsrt peer, for what no encoder does. Non-blocking.
struct Caller {
  Caller(const Door& door, const std::string& stream_id) : socket(srt_create_socket()) {
    const bool no = false;
    srt_setsockflag(socket.get(), SRTO_RCVSYN, &no, sizeof no);
    srt_setsockflag(socket.get(), SRTO_SNDSYN, &no, sizeof no);
    srt_setsockflag(socket.get(), SRTO_STREAMID, stream_id.data(), static_cast<int>(stream_id.size()));
    const auto address = parse_address("127.0.0.1", door.server->port());
    REQUIRE(address);
    srt_connect(socket.get(), address->get(), static_cast<int>(address->size));
  }
  [[nodiscard]] SRT_SOCKSTATUS state() const { return srt_getsockstate(socket.get()); }
  [[nodiscard]] bool gone() const { return state() > SRTS_CONNECTED; }
  [[nodiscard]] int reason() const { return srt_getrejectreason(socket.get()); }
  [[nodiscard]] bool send(const std::vector<char>& bytes) const {
    return srt_sendmsg(socket.get(), bytes.data(), static_cast<int>(bytes.size()), -1, 0) > 0;
  }

  srt::Library library;
  srt::Socket socket;
};

const std::string kMedia =
    "-f lavfi -i testsrc=size=320x180:rate=25 -f lavfi -i sine=440 -c:v libx264 -preset ultrafast -g 25 "
    "-pix_fmt yuv420p -c:a aac -f mpegts ";
const std::string kSource = "ffmpeg -hide_banner -nostdin -loglevel warning -re " + kMedia + "-t 3 ";
const std::string kEndless = "ffmpeg -hide_banner -nostdin -loglevel warning -re " + kMedia + "-t 60 ";

}  // namespace

TEST_CASE("srt live: what a real publisher sends arrives whole, cut at its keyframes") {
  Door door;
  Program publisher(kSource + "'" + door.url() + "'");
  REQUIRE(publisher.wait(door.loop, 30s));
  INFO(publisher.output());
  CHECK(publisher.status() == 0);
  REQUIRE(door.intake.opened == 1);
  CHECK(door.intake.requests[0].protocol == "srt");
  CHECK(door.intake.requests[0].peer == "127.0.0.1");
  CHECK(door.intake.requests[0].format == pipeline::wire::InputFormat::mpegts);
  REQUIRE(tests::turn_until(door.loop, 10s, [&] { return door.intake.closed == 1; }));
  CHECK(door.server->connections() == 0);
  CHECK(door.intake.count(ChunkKind::keyframe) >= 2);
  CHECK(door.intake.count(ChunkKind::header) > 10);
  const auto decoded = tests::decode(door.intake.flat(), "mpegts");
  CHECK(decoded.video_frames > 50);
  CHECK(decoded.audio_frames > 80);
  CHECK(decoded.complaints == "");
}

TEST_CASE("srt live: who may not publish is refused in the handshake, with SRT's reason") {
  struct Case {
    const char* stream_id;
    int reason;
  };
  Door door;
  const double refused = counters("srt").refused.Value();
  const std::vector<Case> cases = {
      {"publish:m1:wrong", SRT_REJX_UNAUTHORIZED},
      {"publish:other:secret", SRT_REJX_UNAUTHORIZED},
      {"#!::m=publish,r=m1,key=wrong", SRT_REJX_UNAUTHORIZED},
      {"publish:ended:secret", SRT_REJX_CONFLICT},
      {"#!::m=request,r=m1,key=secret", SRT_REJX_BAD_MODE},
      {"#!::m=publish,t=file,r=m1,key=secret", SRT_REJX_NOTSUP_MEDIA},
      {"hello", SRT_REJX_BAD_REQUEST},
  };
  for (const auto& c : cases) {
    INFO(c.stream_id);
    const Caller caller(door, c.stream_id);
    REQUIRE(tests::turn_until(door.loop, 10s, [&] { return caller.gone(); }));
    CHECK(caller.reason() == c.reason);
  }
  CHECK(counters("srt").refused.Value() == refused + static_cast<double>(cases.size()));
  CHECK(door.intake.requests.empty());
}

TEST_CASE("srt live: the intake has the last word") {
  Door door;
  const Caller caller(door, "publish:m1:outdated");
  REQUIRE(tests::turn_until(door.loop, 10s, [&] { return !door.intake.requests.empty(); }));
  CHECK(tests::turn_until(door.loop, 10s, [&] { return caller.gone(); }));
  CHECK(door.intake.opened == 0);
  CHECK(door.server->connections() == 0);
}

TEST_CASE("srt live: the newer of two publishers stays, the older is hung up on; stopping ends both") {
  Door door;
  Program older(kEndless + "'" + door.url() + "'");
  REQUIRE(tests::turn_until(door.loop, 15s, [&] { return door.intake.count(ChunkKind::keyframe) > 0; }));
  Program newer(kEndless + "-srt_streamid '#!::m=publish,r=m1,key=secret' 'srt://127.0.0.1:" +
                std::to_string(door.server->port()) + "'");
  REQUIRE(older.wait(door.loop, 20s));
  INFO(older.output());
  CHECK(older.status() != 0);
  CHECK(door.intake.opened == 2);
  const auto before = door.intake.chunks.size();
  CHECK(tests::turn_until(door.loop, 10s, [&] { return door.intake.chunks.size() > before + 10; }));
  CHECK(newer.running());
  CHECK(door.server->connections() == 1);

  door.server->stop();
  CHECK(tests::turn_until(door.loop, 10s, [&] { return door.intake.closed == 2; }));
  CHECK(newer.wait(door.loop, 20s));
  const Caller late(door, "publish:m1:secret");
  CHECK(tests::turn_until(door.loop, 10s, [&] { return late.gone(); }));
  CHECK(door.intake.opened == 2);
}

TEST_CASE("srt live: too many are refused; what is no transport stream is hung up on") {
  Door door({.max_connections = 1});
  const double malformed = counters("srt").malformed.Value();
  const Caller first(door, "publish:m1:secret");
  REQUIRE(tests::turn_until(door.loop, 10s, [&] { return door.server->connections() == 1; }));
  const Caller second(door, "publish:m1:secret");
  REQUIRE(tests::turn_until(door.loop, 10s, [&] { return second.gone(); }));
  CHECK(second.reason() == SRT_REJX_OVERLOAD);

  const std::vector<char> noise(1316, 'x');
  CHECK(tests::turn_until(door.loop, 30s, [&] {
    for (int i = 0; i < 20 && first.send(noise); ++i) {
    }
    return first.gone();
  }));
  CHECK(counters("srt").malformed.Value() == malformed + 1);
  CHECK(tests::turn_until(door.loop, 10s, [&] { return door.server->connections() == 0; }));
}

TEST_CASE("srt live: a control thread that does not keep up loses input, counted, not memory") {
  Door door({.max_waiting_bytes = 20'000});
  const double dropped = counters("srt").dropped.Value();
  const Caller caller(door, "publish:m1:secret");
  REQUIRE(tests::turn_until(door.loop, 10s, [&] { return door.server->connections() == 1; }));
  const std::vector<char> bytes(1316, 'x');
  // The loop is not turned while this goes on.
  const auto deadline = base::Steady::now() + 20s;
  while (counters("srt").dropped.Value() == dropped && base::Steady::now() < deadline) {
    (void)caller.send(bytes);
    std::this_thread::yield();
  }
  CHECK(counters("srt").dropped.Value() > dropped);
}

TEST_CASE("srt live: left alone it lets libsrt go, and the next caller is heard all the same") {
  // libsrt's threads are seen by their names; a Library of this process would keep them.
  const auto asleep = [] { return tests::thread_names().count("SRT:GC") == 0; };
  Door door({.quiet = 300ms});
  CHECK(asleep());
  for (int turn = 1; turn <= 3; ++turn) {
    Program publisher(kSource + "'" + door.url() + "'");
    REQUIRE(publisher.wait(door.loop, 30s));
    INFO(publisher.output());
    CHECK(publisher.status() == 0);
    REQUIRE(tests::turn_until(door.loop, 10s, [&] { return door.intake.closed == turn; }));
    CHECK(tests::turn_until(door.loop, 10s, asleep));
  }
}

TEST_CASE("srt live: what is no handshake wakes nobody; an unanswered one only for a while") {
  Door door({.quiet = 300ms});
  const auto awake = [] { return tests::thread_names().count("SRT:GC") > 0; };
  const base::Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto to = parse_address("127.0.0.1", door.server->port());
  REQUIRE(to);
  const auto send = [&](const std::vector<std::uint8_t>& datagram) {
    CHECK(::sendto(fd.get(), datagram.data(), datagram.size(), 0, to->get(), to->size) > 0);
  };
  std::vector<std::uint8_t> handshake(64);
  handshake[0] = 0x80;
  for (int i = 0; i < 100; ++i) send(std::vector<std::uint8_t>(1400, 'x'));
  CHECK(!awake());
  send(handshake);
  CHECK(tests::turn_until(door.loop, 10s, awake));
  CHECK(tests::turn_until(door.loop, 10s, [&] { return !awake(); }));
  door.server->stop();
  send(handshake);
  CHECK(!awake());
}

TEST_CASE("srt live: a taken port and a name for an address are errors at once") {
  Door door;
  CHECK(
      srt::Server::create("127.0.0.1", door.server->port(), door.loop, door.intake, door.keys).error().kind ==
      base::Errc::io);
  CHECK(srt::Server::create("example", 0, door.loop, door.intake, door.keys).error().kind ==
        base::Errc::invalid);
}
