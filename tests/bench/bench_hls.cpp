// How fast the HLS origin answers: many players blocked on one reload, and plain playlist
// requests one after the other. Server and players are two processes on loopback.
//   bench_hls [PLAYERS] [ROUNDS] [WORKERS]      prints JSON
// Latency is from just before the part is given to the timeline to the last byte of each
// player's answer, so it includes rendering and gzip.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "relay/hls/origin.hpp"
#include "tests/support/fake_lesson.hpp"

using namespace tongke;
using namespace std::chrono_literals;

namespace {

struct Told {
  std::int64_t birth_ns = 0;
  double cpu_s = 0;
  std::uint32_t msn = 0;
  std::uint32_t part = 0;
  std::uint16_t port = 0;
};

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(base::Steady::now().time_since_epoch()).count();
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The server: each 'p' it reads makes a part of both renditions, each 'c' only reports.
int serve(base::Fd commands, std::size_t workers) {
  base::glib::MainLoop control;
  relay::http::ServerSettings http;
  http.address = "127.0.0.1";
  http.port = 0;
  http.workers = workers;
  auto server = relay::http::Server::create(http, control);
  if (!server) return 1;
  relay::hls::OriginSettings settings;
  settings.authorise = [](auto, auto) { return true; };
  relay::hls::Origin origin(**server, settings);
  (*server)->start();

  // 45 minutes into a lesson of 1 Mbit/s.
  relay::live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  Told told;
  told.port = (*server)->port();
  for (std::uint32_t msn = 0; msn < 1350; ++msn) {
    test::add_segment(timeline, "src", msn, msn * 2s, 10, 25'000);
    test::add_segment(timeline, "audio", msn, msn * 2s, 10, 800);
  }
  told.msn = 1350;
  origin.publish(timeline.snapshot());
  char command = 'c';
  do {
    if (command == 'p') {
      told.birth_ns = now_ns();
      const base::MediaTime start = told.msn * 2s + told.part * 200ms;
      for (const auto* id : {"src", "audio"}) {
        timeline.part(test::make_part(id, told.msn, told.part, start, 200ms,
                                      {.ends = told.part == 9, .bytes = 25'000}));
      }
      origin.publish(timeline.snapshot());
      told.part = (told.part + 1) % 10;
      told.msn += told.part == 0 ? 1 : 0;
    }
    told.cpu_s = cpu_seconds();
    if (::write(commands.get(), &told, sizeof told) != sizeof told) break;
  } while (::read(commands.get(), &command, 1) == 1);
  (*server)->stop(100ms);
  return 0;
}

/// One keep-alive connection of a player.
class Player {
 public:
  explicit Player(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      std::perror("connect"), std::exit(1);
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd_.get(), F_SETFL, O_NONBLOCK);
  }
  [[nodiscard]] int fd() const { return fd_.get(); }

  void ask(const std::string& target) const {
    const std::string text = "GET " + target + " HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n";
    if (::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
      std::exit(1);
  }
  /// True once a whole 200 answer is in.
  bool read() {
    std::array<char, 65536> bytes;
    const ssize_t size = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (size <= 0) return false;
    answer_.append(bytes.data(), static_cast<std::size_t>(size));
    const std::size_t head = answer_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const char* const length = ::strcasestr(answer_.c_str(), "content-length:");
    if (length == nullptr || answer_.size() < head + 4 + static_cast<std::size_t>(std::atoll(length + 15)))
      return false;
    if (answer_.compare(9, 3, "200") != 0) {
      std::fprintf(stderr, "%s\n", answer_.c_str());
      std::exit(1);
    }
    last_size_ = answer_.size();
    answer_.clear();
    return true;
  }
  [[nodiscard]] std::size_t last_size() const { return last_size_; }

 private:
  base::Fd fd_;
  std::string answer_;
  std::size_t last_size_ = 0;
};

class Bench {
 public:
  Bench(base::Fd commands, std::size_t players)
      : commands_(std::move(commands)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    told_ = hear();
    for (std::size_t i = 0; i < players; ++i) {
      players_.push_back(std::make_unique<Player>(told_.port));
      epoll_event event{EPOLLIN, {.ptr = players_.back().get()}};
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, players_.back()->fd(), &event);
    }
  }

  void blocked(int rounds) {
    std::vector<double> all;
    double cpu = 0;
    for (int round = 0; round < rounds; ++round) {
      const std::string target = "/l1/src/media.m3u8?_HLS_skip=YES&_HLS_msn=" + std::to_string(told_.msn) +
                                 "&_HLS_part=" + std::to_string(told_.part);
      for (std::size_t i = 0; i < players_.size(); ++i)
        players_[i]->ask("/hls/token" + std::to_string(i) + target);
      // All are parked once the server has gone quiet, but for its housekeeping.
      double idle = 0;
      double before = -1;
      for (int turn = 0; turn < 40 && idle - before > 0.003; ++turn) {
        before = idle;
        epoll_event none{};
        ::epoll_wait(epoll_.get(), &none, 1, 50);
        idle = tell('c').cpu_s;
      }
      told_ = tell('p');
      std::size_t left = players_.size();
      each_answer([&](Player&) {
        all.push_back(static_cast<double>(now_ns() - told_.birth_ns) * 1e-6);
        return --left > 0;
      });
      cpu += tell('c').cpu_s - idle;
    }
    std::ranges::sort(all);
    const auto at = [&](double q) {
      return all[static_cast<std::size_t>(q * static_cast<double>(all.size() - 1))];
    };
    std::printf(
        R"("blocked":{"players":%zu,"rounds":%d,"p50_ms":%.1f,"p99_ms":%.1f,"max_ms":%.1f,"cpu_us_per_answer":%.1f,"answer_bytes":%zu})",
        players_.size(), rounds, at(0.5), at(0.99), all.back(), cpu * 1e6 / static_cast<double>(all.size()),
        players_[0]->last_size());
  }

  /// Each of `connections` asks again as soon as it is answered.
  void plain(const char* name, const std::string& target, std::size_t connections,
             std::chrono::milliseconds duration) {
    const double cpu = tell('c').cpu_s;
    const auto begin = base::Steady::now();
    for (std::size_t i = 0; i < connections; ++i) players_[i]->ask(target);
    std::size_t answers = 0;
    std::size_t running = connections;
    each_answer([&](Player& player) {
      ++answers;
      if (base::Steady::now() - begin < duration) {
        player.ask(target);
        return true;
      }
      return --running > 0;
    });
    const double seconds = std::chrono::duration<double>(base::Steady::now() - begin).count();
    const double used = tell('c').cpu_s - cpu;
    std::printf(
        R"(,"%s":{"requests_per_s":%.0f,"cpu_us_per_request":%.1f,"requests_per_core_s":%.0f,"answer_bytes":%zu})",
        name, static_cast<double>(answers) / seconds, used * 1e6 / static_cast<double>(answers),
        static_cast<double>(answers) / used, players_[0]->last_size());
  }

 private:
  Told hear() {
    Told told;
    if (::read(commands_.get(), &told, sizeof told) != sizeof told) std::exit(1);
    return told;
  }
  Told tell(char command) {
    if (::write(commands_.get(), &command, 1) != 1) std::exit(1);
    return hear();
  }
  template <class F>
  void each_answer(F&& on_answer) {
    std::array<epoll_event, 256> events;
    while (true) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), 10'000);
      if (count <= 0) std::fprintf(stderr, "no answer\n"), std::exit(1);
      for (int i = 0; i < count; ++i) {
        auto& player = *static_cast<Player*>(events[static_cast<std::size_t>(i)].data.ptr);
        if (player.read() && !on_answer(player)) return;
      }
    }
  }

  base::Fd commands_;
  base::Fd epoll_;
  Told told_;
  std::vector<std::unique_ptr<Player>> players_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return 1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    return serve(base::Fd(ends[1]), static_cast<std::size_t>(number(3, 2)));
  }
  ::close(ends[1]);
  {
    Bench bench(base::Fd{ends[0]}, static_cast<std::size_t>(number(1, 2000)));
    std::printf("{");
    bench.blocked(number(2, 20));
    bench.plain("playlist_delta", "/hls/t/l1/src/media.m3u8?_HLS_skip=YES", 16, 2s);
    bench.plain("playlist_full_45min", "/hls/t/l1/src/media.m3u8", 16, 2s);
    bench.plain("segment_250kB", "/hls/t/l1/src/1349.m4s", 16, 2s);
    std::printf("}\n");
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
