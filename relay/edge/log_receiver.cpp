#include "relay/edge/log_receiver.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::relay::edge {
namespace {

namespace metrics = base::metrics;

// nginx cuts what it sends at 2 kB.
constexpr std::size_t kMaxDatagram = 2048;
// Asked for; the kernel gives net.core.rmem_max at most.
constexpr int kSocketBytes = 4 << 20;
// Lines between two looks at the bell.
constexpr int kBatch = 256;
constexpr std::size_t kMaxWarned = 64;

metrics::Counter& lines(const char* what) {
  return metrics::counter("tongke_edge_lines_total", "Lines of edges' access logs, by what became of them",
                          {{"outcome", what}});
}

struct Metrics {
  metrics::Counter& counted = lines("counted");
  metrics::Counter& other = lines("other");
  metrics::Counter& malformed = lines("malformed");
  metrics::Counter& refused = lines("refused");
  metrics::Counter& past = lines("past");
  metrics::Counter& future = lines("future");
  metrics::Counter& stranger = lines("stranger");
  metrics::Counter& lost = metrics::counter(
      "tongke_edge_lines_lost_total", "Lines of edges' access logs that came faster than they are read");
};

Metrics& counters() {
  static Metrics instance;
  return instance;
}

}  // namespace

LogReceiver::LogReceiver(ingest::Listener socket, base::Fd bell, std::set<Ip> sources, Fetched fetched)
    : socket_(std::move(socket)),
      bell_(std::move(bell)),
      sources_(std::move(sources)),
      fetched_(std::move(fetched)) {}

base::Result<std::unique_ptr<LogReceiver>> LogReceiver::create(const Options& options, Fetched fetched) {
  std::set<Ip> sources;
  for (const auto& source : options.sources) {
    const auto address = ingest::parse_address(source, 0);
    if (!address) return base::Error(address.error()).in("edge.sources");
    sources.insert(ip_of(*address));
  }
  auto socket = ingest::bind_udp(options.address, options.port);
  if (!socket) return std::move(socket).error().in("edge.address");
  base::Fd bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!bell) return base::Error{base::Errc::io, "eventfd"};
  const int on = 1;
  ::setsockopt(socket->fd.get(), SOL_SOCKET, SO_RCVBUF, &kSocketBytes, sizeof kSocketBytes);
  ::setsockopt(socket->fd.get(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  return std::unique_ptr<LogReceiver>(
      new LogReceiver(std::move(*socket), std::move(bell), std::move(sources), std::move(fetched)));
}

LogReceiver::~LogReceiver() {
  if (!thread_.joinable()) return;
  ::eventfd_write(bell_.get(), 1);
  thread_.join();
}

void LogReceiver::start() {
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "edge-log");
    run();
  });
}

LogReceiver::Ip LogReceiver::ip_of(const ingest::SocketAddress& address) noexcept {
  Ip ip{};
  if (address.storage.ss_family == AF_INET6) {
    const auto* six = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    std::memcpy(ip.data(), &six->sin6_addr, ip.size());
    return ip;
  }
  const auto* four = reinterpret_cast<const sockaddr_in*>(&address.storage);
  ip[10] = ip[11] = 0xff;
  std::memcpy(&ip[12], &four->sin_addr, sizeof four->sin_addr);
  return ip;
}

bool LogReceiver::is_own(const Ip& ip) noexcept {
  constexpr Ip kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  constexpr std::array<std::uint8_t, 13> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127};
  return ip == kLoopback || std::equal(kMapped.begin(), kMapped.end(), ip.begin());
}

void LogReceiver::run() {
  for (;;) {
    std::array<pollfd, 2> ready{pollfd{.fd = bell_.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = socket_.fd.get(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    if (ready[0].revents != 0) return;
    for (int i = 0; i < kBatch && receive(); ++i) {
    }
  }
}

bool LogReceiver::receive() {
  std::array<char, kMaxDatagram> text{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint32_t))> control{};
  ingest::SocketAddress from;
  iovec piece{.iov_base = text.data(), .iov_len = text.size()};
  msghdr message{};
  message.msg_name = from.get();
  message.msg_namelen = from.size;
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(socket_.fd.get(), &message, MSG_DONTWAIT);
  if (size < 0) return errno == EINTR;
  from.size = message.msg_namelen;
  for (cmsghdr* note = CMSG_FIRSTHDR(&message); note != nullptr; note = CMSG_NXTHDR(&message, note)) {
    if (note->cmsg_level != SOL_SOCKET || note->cmsg_type != SO_RXQ_OVFL) continue;
    std::uint32_t lost = 0;
    std::memcpy(&lost, CMSG_DATA(note), sizeof lost);
    counters().lost.Increment(lost - std::exchange(lost_, lost));
  }
  const bool cut = (message.msg_flags & MSG_TRUNC) != 0;
  take(cut ? std::string_view() : std::string_view(text.data(), static_cast<std::size_t>(size)), from);
  return true;
}

void LogReceiver::take(std::string_view datagram, const ingest::SocketAddress& from) {
  const Ip ip = ip_of(from);
  if (!is_own(ip) && !sources_.contains(ip)) return counters().stranger.Increment();
  LogLine line = parse_log_line(datagram);
  if (line.kind == LogLine::Kind::malformed) return counters().malformed.Increment();
  if (line.kind == LogLine::Kind::other) return counters().other.Increment();
  const auto now = base::wall_now();
  const Age age = age_of(line.fetch.at, now);
  if (age != Age::present) {
    warn_of_clock(from, age);
    return (age == Age::past ? counters().past : counters().future).Increment();
  }
  line.fetch.at = std::min(line.fetch.at, now);
  (fetched_(line.fetch) ? counters().counted : counters().refused).Increment();
}

void LogReceiver::warn_of_clock(const ingest::SocketAddress& from, Age age) {
  if (wrong_clocks_.size() >= kMaxWarned || !wrong_clocks_.insert(ip_of(from)).second) return;
  base::log::warn("an edge's log is not of now; its clock may be wrong, and nobody is counted by it",
                  {{"edge", ingest::to_string(from)}, {"time", age == Age::past ? "past" : "future"}});
}

}  // namespace tongke::relay::edge
