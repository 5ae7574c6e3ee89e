// The server half of the HTTP benchmark: the real door with bodies from memory.
//   http_bench_server PORT WORKERS  prints "port N" and serves until standard input closes.
// GET /b/{bytes}      a body of so many bytes, from memory
// GET /wait           blocks until POST /fire, then everybody gets a 2 kB body
// GET /waiting        how many are blocked
// GET /cpu            CPU seconds of this process so far
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <string>
#include <thread>

#include "base/glib/main_loop.hpp"
#include "relay/http/server.hpp"

using namespace tongke;
using relay::http::Request;
using relay::http::Responder;
using relay::http::Response;
using relay::http::Where;

namespace {

base::SharedBytes filled(std::size_t size) { return base::SharedBytes(std::vector<std::uint8_t>(size, 'x')); }

Response ok(base::SharedBytes body) {
  Response response;
  response.content_type = "application/vnd.apple.mpegurl";
  response.headers = {{"Cache-Control", "no-cache"}, {"Access-Control-Allow-Origin", "*"}};
  response.body = {std::move(body)};
  return response;
}

Response text(const std::string& line) { return ok(base::SharedBytes({line.begin(), line.end()})); }

/// The blocked requests of one worker.
struct Waiters {
  std::vector<Responder> blocked;
  std::atomic<std::size_t> count{0};
};

}  // namespace

int main(int argc, char** argv) {
  relay::http::ServerSettings settings;
  settings.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0);
  settings.workers = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 2);
  base::glib::MainLoop control;
  auto server = relay::http::Server::create(settings, control);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  auto& door = **server;
  std::map<std::size_t, base::SharedBytes> bodies;
  for (const std::size_t size : {100U, 2048U, 100'000U, 300'000U}) bodies[size] = filled(size);
  std::vector<Waiters> waiters(settings.workers);

  door.route("GET", "/b/{bytes}", Where::worker, [&](auto request, Responder responder) {
    const auto it =
        bodies.find(static_cast<std::size_t>(std::atoi(std::string(request->param("bytes")).c_str())));
    if (it == bodies.end()) return responder.fail({base::Errc::not_found, "no such size"});
    responder.send(ok(it->second));
  });
  door.route("GET", "/wait", Where::worker, [&](auto request, Responder responder) {
    auto& mine = waiters[request->worker()];
    mine.blocked.push_back(std::move(responder));
    ++mine.count;
  });
  door.route("POST", "/fire", Where::worker, [&](auto, Responder responder) {
    for (std::size_t i = 0; i < waiters.size(); ++i) {
      door.worker(i).post([&, i] {
        auto blocked = std::exchange(waiters[i].blocked, {});
        waiters[i].count = 0;
        for (auto& one : blocked) one.send(ok(bodies[2048]));
      });
    }
    responder.send(text("fired"));
  });
  door.route("GET", "/waiting", Where::worker, [&](auto, Responder responder) {
    std::size_t count = 0;
    for (const auto& one : waiters) count += one.count;
    responder.send(text(std::to_string(count)));
  });
  door.route("GET", "/cpu", Where::worker, [&](auto, Responder responder) {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    responder.send(text(std::to_string(seconds(usage.ru_utime) + seconds(usage.ru_stime))));
  });
  door.start();
  std::printf("port %u\n", door.port());
  std::fflush(stdout);

  std::jthread stdin_watch([&] {
    std::array<char, 256> scrap;
    while (::read(STDIN_FILENO, scrap.data(), scrap.size()) > 0) {
    }
    control.quit();
  });
  control.run();
  door.stop(std::chrono::milliseconds(200));
  return 0;
}
