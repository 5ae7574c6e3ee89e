// A light HTTP/1.1 load generator: one thread, epoll, no copies of bodies. Prints one JSON object.
//   bench_http load  PORT PATH SECONDS CONNECTIONS PID   closed loop on kept connections
//   bench_http storm PORT PATH CONNECTIONS PID           opens all within a second, one request each
//   bench_http wake  PORT CONNECTIONS ROUNDS PID         blocks all on /wait, POST /fire, measures from the
//   event bench_http churn PORT PATH CONNECTIONS PID           connect, ask, close; descriptors and RSS
//   before and after
// PID is the server's process, for its CPU time, descriptors and memory.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"

namespace {

using tongke::base::Fd;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What the kernel says of the server.
struct Process {
  std::string pid;

  [[nodiscard]] double cpu_seconds() const {
    std::ifstream in("/proc/" + pid + "/stat");
    const std::string line{std::istreambuf_iterator<char>(in), {}};
    // After the name in brackets: state is field 3, utime and stime 14 and 15.
    std::istringstream rest(line.substr(line.rfind(')') + 2));
    std::string skip;
    for (int i = 3; i < 14; ++i) rest >> skip;
    double user = 0;
    double system = 0;
    rest >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }
  [[nodiscard]] long descriptors() const {
    return std::distance(std::filesystem::directory_iterator("/proc/" + pid + "/fd"), {});
  }
  [[nodiscard]] long rss_kb() const {
    std::ifstream in("/proc/" + pid + "/status");
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
    }
    return 0;
  }
};

/// One client connection: sends a request, swallows the answer.
struct Client {
  Fd fd;
  std::string head;
  std::size_t body_left = 0;
  bool in_body = false;

  /// @return bytes of a completed answer's body; -1 when more is to come, -2 when the server closed
  long swallow() {
    std::array<char, 65536> scrap;
    while (true) {
      if (in_body && body_left > 0) {
        // MSG_TRUNC throws the bytes away inside the kernel: the generator stays light.
        const auto count = ::recv(fd.get(), nullptr, body_left, MSG_DONTWAIT | MSG_TRUNC);
        if (count < 0) return errno == EAGAIN ? -1 : -2;
        if (count == 0) return -2;
        body_left -= static_cast<std::size_t>(count);
      } else {
        const auto count = ::recv(fd.get(), scrap.data(), 2048, MSG_DONTWAIT);
        if (count < 0) return errno == EAGAIN ? -1 : -2;
        if (count == 0) return -2;
        head.append(scrap.data(), static_cast<std::size_t>(count));
        const auto end = head.find("\r\n\r\n");
        if (end == std::string::npos) continue;
        const auto at = head.find("Content-Length: ");
        length = 0;
        std::from_chars(head.data() + at + 16, head.data() + end, length);
        status = std::atoi(head.c_str() + 9);
        const std::size_t have = head.size() - end - 4;
        text = head.substr(end + 4);
        body_left = length - std::min(have, length);
        in_body = true;
      }
      if (in_body && body_left == 0) {
        in_body = false;
        head.clear();
        return static_cast<long>(length);
      }
    }
  }

  bool send(const std::string& request) const {
    return ::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(request.size());
  }

  std::size_t length = 0;
  int status = 0;
  std::string text;
};

class Load {
 public:
  explicit Load(std::uint16_t port) : epoll_(::epoll_create1(0)) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }

  /// Begins to connect; the poll loop reports it writable once connected.
  void connect(Client& client) {
    client.fd = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    const int on = 1;
    ::setsockopt(client.fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::connect(client.fd.get(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &client;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.fd.get(), &event);
  }

  /// Calls `ready(client, bits)` for what has happened within `timeout_ms`.
  void poll(int timeout_ms, const std::function<void(Client&, std::uint32_t)>& ready) {
    std::array<epoll_event, 512> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      ready(*static_cast<Client*>(event.data.ptr), event.events);
    }
  }

 private:
  Fd epoll_;
  sockaddr_in address_{};
};

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n"; }

Json percentiles(std::vector<double> values) {
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values.empty() ? 0.0
                          : values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return {{"p50", at(0.5)}, {"p99", at(0.99)}, {"max", at(1.0)}};
}

Json load(std::uint16_t port, const std::string& path, double duration, std::size_t connections,
          const Process& server) {
  Load load(port);
  std::vector<Client> clients(connections);
  const std::string request = get(path);
  for (auto& client : clients) load.connect(client);
  std::uint64_t answers = 0;
  std::uint64_t bytes = 0;
  std::uint64_t errors = 0;
  std::vector<bool> asked(connections);
  const double cpu = server.cpu_seconds();
  const auto start = Clock::now();
  while (seconds_since(start) < duration) {
    load.poll(10, [&](Client& client, std::uint32_t bits) {
      const auto index = static_cast<std::size_t>(&client - clients.data());
      if (!asked[index] && (bits & EPOLLOUT) != 0) {
        asked[index] = true;
        if (!client.send(request)) ++errors;
      }
      for (long size = client.swallow(); size != -1; size = client.swallow()) {
        if (size == -2 || client.status != 200) {
          ++errors;
          return;
        }
        ++answers;
        bytes += static_cast<std::uint64_t>(size);
        if (!client.send(request)) ++errors;
      }
    });
  }
  const double took = seconds_since(start);
  const double used = server.cpu_seconds() - cpu;
  const double gbit = static_cast<double>(bytes) * 8e-9;
  return {{"path", path},
          {"requests", answers},
          {"errors", errors},
          {"requests_per_s", static_cast<double>(answers) / took},
          {"gbit_per_s", gbit / took},
          {"server_cpu_s", used},
          {"cpu_us_per_request", 1e6 * used / static_cast<double>(std::max<std::uint64_t>(answers, 1))},
          {"requests_per_cpu_s", static_cast<double>(answers) / std::max(used, 0.01)},
          {"cpu_s_per_gbit", used / std::max(gbit, 1e-9)}};
}

Json storm(std::uint16_t port, const std::string& path, std::size_t connections, const Process& server) {
  Load load(port);
  std::vector<Client> clients(connections);
  std::vector<Clock::time_point> opened(connections);
  std::vector<bool> asked(connections);
  std::vector<double> answered_ms;
  const std::string request = get(path);
  const long rss = server.rss_kb();
  std::size_t errors = 0;
  std::size_t next = 0;
  const auto start = Clock::now();
  while (answered_ms.size() + errors < connections && seconds_since(start) < 10) {
    const auto due = std::min(
        connections, static_cast<std::size_t>(seconds_since(start) * static_cast<double>(connections)) + 1);
    for (; next < due; ++next) {
      opened[next] = Clock::now();
      load.connect(clients[next]);
    }
    load.poll(1, [&](Client& client, std::uint32_t bits) {
      const auto index = static_cast<std::size_t>(&client - clients.data());
      if (!asked[index] && (bits & EPOLLOUT) != 0) {
        asked[index] = true;
        if (!client.send(request)) ++errors;
      }
      if ((bits & EPOLLIN) == 0) return;
      const long size = client.swallow();
      if (size == -2) ++errors;
      if (size >= 0) answered_ms.push_back(1e3 * seconds_since(opened[index]));
    });
  }
  const double took = seconds_since(start);
  return {{"connections", connections},
          {"answered", answered_ms.size()},
          {"errors", errors},
          {"seconds", took},
          {"rss_kb_per_connection",
           static_cast<double>(server.rss_kb() - rss) / static_cast<double>(connections)},
          {"connect_to_answer_ms", percentiles(answered_ms)}};
}

Json wake(std::uint16_t port, std::size_t connections, int rounds, const Process& server) {
  Load load(port);
  std::vector<Client> clients(connections);
  Client trigger;
  for (auto& client : clients) load.connect(client);
  load.connect(trigger);
  std::vector<bool> connected(connections);
  std::size_t open = 0;
  while (open < connections) {
    load.poll(10, [&](Client& client, std::uint32_t bits) {
      if (&client == &trigger || (bits & EPOLLOUT) == 0) return;
      const auto index = static_cast<std::size_t>(&client - clients.data());
      if (!connected[index]) ++open;
      connected[index] = true;
    });
  }
  const std::string request = get("/wait");
  Json out = Json::array();
  for (int round = 0; round < rounds; ++round) {
    const double cpu_before = server.cpu_seconds();
    for (auto& client : clients) client.send(request);
    for (std::size_t blocked = 0; blocked < connections;) {
      trigger.send(get("/waiting"));
      bool asked = true;
      while (asked) {
        load.poll(10, [&](Client& client, std::uint32_t) {
          if (&client == &trigger && client.swallow() >= 0) {
            blocked = static_cast<std::size_t>(std::atol(client.text.c_str()));
            asked = false;
          }
        });
      }
    }
    std::vector<double> arrived_ms;
    std::size_t errors = 0;
    const auto event = Clock::now();
    trigger.send("POST /fire HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\n\r\n");
    while (arrived_ms.size() + errors < connections && seconds_since(event) < 5) {
      load.poll(10, [&](Client& client, std::uint32_t) {
        const long size = client.swallow();
        if (&client == &trigger) return;
        if (size >= 0) arrived_ms.push_back(1e3 * seconds_since(event));
        if (size == -2) ++errors;
      });
    }
    Json one = percentiles(arrived_ms);
    one["answered"] = arrived_ms.size();
    one["server_cpu_s"] = server.cpu_seconds() - cpu_before;
    out.push_back(std::move(one));
  }
  return {{"connections", connections}, {"rounds_ms", out}};
}

Json churn(std::uint16_t port, const std::string& path, std::size_t connections, const Process& server) {
  constexpr std::size_t kAtOnce = 100;
  const std::string request = get(path);
  std::size_t done = 0;
  std::size_t errors = 0;
  Json samples = Json::array();
  const auto sample = [&] {
    samples.push_back(
        {{"connections", done}, {"descriptors", server.descriptors()}, {"rss_kb", server.rss_kb()}});
  };
  sample();
  const auto start = Clock::now();
  while (done < connections) {
    Load load(port);
    std::vector<Client> clients(kAtOnce);
    std::vector<bool> asked(kAtOnce);
    for (auto& client : clients) load.connect(client);
    std::size_t finished = 0;
    while (finished < kAtOnce) {
      load.poll(10, [&](Client& client, std::uint32_t bits) {
        const auto index = static_cast<std::size_t>(&client - clients.data());
        if (!asked[index] && (bits & EPOLLOUT) != 0) {
          asked[index] = true;
          if (!client.send(request)) ++errors;
        }
        if ((bits & EPOLLIN) == 0) return;
        const long size = client.swallow();
        if (size == -1) return;
        if (size == -2) ++errors;
        ++finished;
      });
    }
    done += kAtOnce;
    if (done % (connections / 10) == 0) sample();
  }
  return {{"connections", done}, {"errors", errors}, {"seconds", seconds_since(start)}, {"samples", samples}};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const auto number = [&](std::size_t i) { return static_cast<std::size_t>(std::atol(args.at(i).c_str())); };
  if (args.size() < 5) {
    std::fprintf(stderr, "see the head of bench_http.cpp for usage\n");
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(number(1));
  const Process server{args.back()};
  Json result;
  if (args[0] == "load" && args.size() == 6) {
    result = load(port, args[2], std::atof(args[3].c_str()), number(4), server);
  } else if (args[0] == "storm") {
    result = storm(port, args[2], number(3), server);
  } else if (args[0] == "wake") {
    result = wake(port, number(2), static_cast<int>(number(3)), server);
  } else if (args[0] == "churn") {
    result = churn(port, args[2], number(3), server);
  }
  std::printf("%s\n", result.dump().c_str());
  return 0;
}
