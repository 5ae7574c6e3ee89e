#include "relay/ingest/rtmp/server.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "base/glib/tls.hpp"
#include "base/log.hpp"

namespace tongke::relay::ingest::rtmp {
namespace {

constexpr std::size_t kReceiveBuffer = 64U << 10U;
constexpr std::chrono::milliseconds kTick{500};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::create(const std::string& address, std::uint16_t port,
                                                     GMainContext* loop, Intake& intake,
                                                     ServerSettings settings, Certificate certificate) {
  auto listener = listen_tcp(address, port);
  if (!listener) return std::move(listener).error().in("rtmp");
  return std::unique_ptr<Server>(
      new Server(std::move(*listener), loop, intake, std::move(settings), std::move(certificate)));
}

Server::Server(Listener listener, GMainContext* loop, Intake& intake, ServerSettings settings,
               Certificate certificate)
    : listener_(std::move(listener)),
      loop_(loop),
      settings_(std::move(settings)),
      certificate_(std::move(certificate)),
      counters_(counters(certificate_ ? "rtmps" : "rtmp")),
      buffer_(kReceiveBuffer),
      context_{loop, intake, counters_, settings_.session, settings_.deadlines, buffer_} {
  listen_again();
}

Server::~Server() { counters_.connections.Decrement(static_cast<double>(connections_.size())); }

void Server::listen_again() {
  acceptable_ = base::glib::FdWatch(loop_, listener_.fd.get(), G_IO_IN, [this](GIOCondition) {
    accept_all();
    return true;
  });
}

void Server::accept_all() {
  for (;;) {
    SocketAddress peer;
    base::Fd socket(::accept4(listener_.fd.get(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      admit(std::move(socket), peer);
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // The pending connection would wake us again and again: look away until the next tick.
      base::log::error("rtmp cannot accept", {{"errno", errno}});
      acceptable_.reset();
      if (!ticker_) ticker_ = base::glib::Timer(loop_, kTick, [this] { tick(); });
    }
    return;
  }
}

void Server::admit(base::Fd socket, const SocketAddress& peer) {
  if (connections_.size() >= settings_.max_connections) {
    counters_.refused.Increment();
    base::log::warn("rtmp connection refused", {{"peer", to_string(peer)}, {"why", "too many connections"}});
    return;
  }
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  base::glib::Handle<GIOStream> tls;
  if (certificate_) {
    tls = base::glib::serve_tls(socket.get(), certificate_.get());
    if (!tls) return;
  }
  connections_.emplace_front();
  const auto place = connections_.begin();
  *place = std::make_unique<Connection>(context_, std::move(socket), std::move(tls), to_string(peer),
                                        [this, place] {
                                          connections_.erase(place);
                                          counters_.connections.Decrement();
                                        });
  counters_.connections.Increment();
  if (!ticker_) ticker_ = base::glib::Timer(loop_, kTick, [this] { tick(); });
}

void Server::tick() {
  const auto now = base::Steady::now();
  for (auto at = connections_.begin(); at != connections_.end();) {
    // A connection may go while it looks at its deadlines.
    const auto& connection = *at++;
    connection->tick(now);
  }
  if (listener_.fd && !acceptable_) listen_again();
  if (!connections_.empty()) return;
  ticker_.reset();
  // Last: whoever waited may destroy the server now.
  if (auto on_stopped = std::exchange(on_stopped_, {})) on_stopped();
}

void Server::stop(std::function<void()> done) {
  acceptable_.reset();
  listener_.fd.reset();
  for (auto at = connections_.begin(); at != connections_.end();) {
    const auto& connection = *at++;
    connection->shut_down();
  }
  on_stopped_ = std::move(done);
  constexpr std::chrono::milliseconds kImpatient{20};
  ticker_ = base::glib::Timer(loop_, kImpatient, [this] { tick(); });
}

}  // namespace tongke::relay::ingest::rtmp
