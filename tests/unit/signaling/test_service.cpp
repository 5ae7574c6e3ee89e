#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include <nlohmann/json.hpp>
#include <vector>

#include "signaling/bench/client.hpp"
#include "signaling/ws/service.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::signaling;
using namespace std::chrono_literals;
using bench::Client;
using nlohmann::json;
using school::Role;

namespace {

constexpr auto kDeadline = 20s;

class OneClass final : public RoomDirectory {
 public:
  [[nodiscard]] std::shared_ptr<const LessonPlan> plan(std::string_view /*lesson*/) const override {
    held.wait(true);
    return plan_;
  }
  [[nodiscard]] std::optional<Placement> place(const LessonPlan& /*plan*/,
                                               const school::Token& token) const override {
    return Placement{.rooms = {0},
                     .seat = token.role == Role::pupil ? std::optional(token.seat) : std::nullopt,
                     .label = {}};
  }
  [[nodiscard]] protocol::OnAir on_air(std::string_view /*lesson*/) const override {
    return protocol::OnAir::waiting;
  }

  std::atomic<bool> held = false;  ///< plan() waits while it is set

 private:
  std::shared_ptr<const LessonPlan> plan_ =
      std::make_shared<LessonPlan>(LessonPlan{{{.id = "1", .label = "", .seats = {}}}});
};

/// The real service on a free port, and what it is made with.
struct Running {
  test::TempDir dir;
  school::TokenSigner signer{std::vector<std::uint8_t>(32, 7)};
  OneClass directory;
  school::LineLog log{dir.path()};
  school::attendance::Book book{log};
  std::unique_ptr<ws::Service> service;

  explicit Running(ws::Service::Options options = {}) {
    options.address = "127.0.0.1";
    auto made =
        ws::Service::create(options, {.signer = signer, .directory = directory, .book = book, .log = log});
    REQUIRE(made);
    service = std::move(*made);
    service->start();
  }
  [[nodiscard]] std::string token(Role role, std::uint32_t seat) const {
    return signer.issue({.role = role, .lesson = "l1", .seat = seat, .expires = base::wall_now() + 1h});
  }
};

/// A client and what it heard.
struct Person {
  Client client;
  std::vector<json> heard;

  explicit Person(const Running& running, const std::string& path = "/signal") {
    const auto target =
        bench::parse_target("ws://127.0.0.1:" + std::to_string(running.service->port()) + path);
    REQUIRE(target);
    REQUIRE(client.connect(*target));
  }
  Person(const Running& running, Role role, std::uint32_t seat) : Person(running) {
    say({{"t", "hello"}, {"token", running.token(role, seat)}});
    REQUIRE(hears("welcome"));
  }
  void say(const json& frame) { client.send(frame.dump()); }
  /// Reads until `done` or the deadline.
  template <class Done>
  bool until(Done done) {
    const auto deadline = base::Steady::now() + kDeadline;
    while (!done() && base::Steady::now() < deadline) {
      if (client.state() == Client::State::closed) return done();
      pollfd entry{.fd = client.fd(), .events = POLLIN, .revents = 0};
      if (client.wants_write()) entry.events = POLLIN | POLLOUT;
      if (::poll(&entry, 1, 100) <= 0) continue;
      client.ready((entry.revents & (POLLIN | POLLHUP | POLLERR)) != 0, (entry.revents & POLLOUT) != 0,
                   [this](std::string_view text) { heard.push_back(json::parse(text)); });
    }
    return done();
  }
  bool hears(const std::string& type, std::size_t times = 1) {
    return until([&] {
      return std::ranges::count_if(heard, [&](const json& frame) { return frame["t"] == type; }) >=
             static_cast<std::ptrdiff_t>(times);
    });
  }
  bool ends() {
    return until([this] { return client.state() == Client::State::closed; });
  }
};

}  // namespace

TEST_CASE("service: pupils and a teacher over real sockets") {
  Running running;
  Person teacher(running, Role::teacher, 9);
  Person pupil(running, Role::pupil, 1);
  pupil.say({{"t", "presence"}, {"media_time", 1}, {"state", "playing"}});
  CHECK(pupil.hears("beat"));
  CHECK(teacher.hears("seats"));
  teacher.say({{"t", "note"}, {"media_time", 5}, {"text", "看黑板"}});
  REQUIRE(pupil.hears("note"));
  CHECK(pupil.heard.back()["text"] == "看黑板");
  running.service->set_on_air("l1", protocol::OnAir::live);
  REQUIRE(pupil.hears("state"));
  running.service->note_media(school::Token{.role = Role::pupil, .lesson = "l1", .seat = 2});
  CHECK(teacher.until([&] {
    return std::ranges::any_of(teacher.heard, [](const json& frame) {
      return frame.dump().find(R"("state":"media")") != std::string::npos;
    });
  }));
}

TEST_CASE("service: what is no client of ours is turned away") {
  Running running;
  Person elsewhere(running, "/other");
  CHECK(elsewhere.ends());
  Person stranger(running);
  stranger.say({{"t", "hello"}, {"token", "AQAAAAAHAcPQemoxMg"}});
  CHECK(stranger.ends());
  CHECK(stranger.client.close_code() == 4404);
  Person rude(running, Role::pupil, 1);
  rude.client.send(std::string(protocol::kMaxFrame + 1, 'x'));
  CHECK(rude.ends());
  CHECK(rude.client.close_code() == 4400);
}

TEST_CASE("service: who falls too far behind is closed as slow and starts over") {
  Running running;
  Person pupil(running, Role::pupil, 1);
  // All the news come at once, more than the kernel takes for a client that does not read.
  const int small = 4096;
  setsockopt(pupil.client.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  running.directory.held = true;
  running.service->replan("l1");
  for (int i = 0; i < 20'000; ++i) {
    running.service->set_on_air("l1", i % 2 == 0 ? protocol::OnAir::live : protocol::OnAir::interrupted);
  }
  running.directory.held = false;
  running.directory.held.notify_all();
  CHECK(pupil.ends());
  CHECK(pupil.client.close_code() == 4408);
  Person again(running, Role::pupil, 1);
  CHECK(again.heard.front()["seq"].get<std::uint64_t>() > 20'000);
}

TEST_CASE("service: who does not answer when asked is cut off, who does stays") {
  ws::Service::Options options;
  options.ask_after = 500ms;
  options.cut_after = 3s;
  Running running(options);
  Person present(running, Role::pupil, 1);
  Person asleep(running, Role::pupil, 2);
  CHECK(present.until([&asleep] {
    pollfd line{.fd = asleep.client.fd(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&line, 1, 0) > 0 && (line.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
  }));
  CHECK(present.client.state() != Client::State::closed);
  present.say({{"t", "presence"}, {"media_time", 0}, {"state", "playing"}});
  CHECK(present.hears("beat"));
}

TEST_CASE("service: stopping sends everybody away to come back later") {
  Running running;
  Person one(running, Role::pupil, 1);
  Person two(running, Role::pupil, 2);
  std::thread stopper([&] { running.service->stop(10s); });
  CHECK(one.ends());
  CHECK(two.ends());
  stopper.join();
  CHECK(one.client.close_code() == 1001);
  CHECK(two.client.close_code() == 1001);
}

TEST_CASE("service: a port that is taken is an error that names it") {
  Running running;
  const auto second = ws::Service::create(
      {.address = "127.0.0.1", .port = running.service->port(), .tls_certificate = {}, .tls_key = {}},
      {.signer = running.signer, .directory = running.directory, .book = running.book, .log = running.log});
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find(std::to_string(running.service->port())) != std::string::npos);
}

TEST_CASE("service: news posted from several threads while people come and go") {
  Running running;
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 3; ++t) {
    threads.emplace_back([&running, t] {
      for (std::uint32_t i = 0; i < 300; ++i) {
        running.service->set_on_air("l" + std::to_string(i % 3), static_cast<protocol::OnAir>(i % 4));
        running.service->note_media(school::Token{.role = Role::pupil, .lesson = "l1", .seat = i});
        running.book.note("l1", i, school::attendance::Evidence::media, base::wall_now());
        if (i % 100 == t) running.service->replan("l1");
      }
    });
  }
  for (std::uint32_t i = 0; i < 20; ++i) {
    Person pupil(running, Role::pupil, 1000 + i);
    pupil.say({{"t", "presence"}, {"media_time", 1}, {"state", "playing"}});
    CHECK(pupil.hears("beat"));
  }
  for (auto& thread : threads) thread.join();
}
