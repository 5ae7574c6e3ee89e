#include "relay/http/worker.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/glib/tls.hpp"
#include "base/log.hpp"

namespace tongke::relay::http {
namespace {

constexpr int kAcceptsATurn = 64;
constexpr auto kTick = std::chrono::milliseconds(100);
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 2\r\nConnection: "
    "close\r\n"
    "Content-Length: 63\r\n\r\n"
    R"({"error":{"code":"overload","message":"too many connections."}})";

std::shared_ptr<const std::string> peer_name(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  } else {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  }
  std::string_view name(text.data());
  constexpr std::string_view kMapped = "::ffff:";
  if (name.starts_with(kMapped) && name.find('.') != std::string_view::npos)
    name.remove_prefix(kMapped.size());
  return std::make_shared<const std::string>(name);
}

}  // namespace

Worker::Worker(std::shared_ptr<Shared> shared, std::size_t index, base::Fd listener)
    : shared_(std::move(shared)),
      index_(index),
      listener_(std::move(listener)),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      poller_(loop_.context()),
      outbox_(std::make_shared<Outbox>(loop_, [](Responder::Impl& exchange, Response response) {
        if (exchange.connection) exchange.connection->answer(exchange, std::move(response));
      })) {}

Worker::~Worker() { stop(); }

void Worker::start() {
  thread_ = std::jthread([this] {
    outbox_->open();
    accepting_ = base::glib::FdWatch(loop_.context(), listener_.get(), G_IO_IN,
                                     [this](GIOCondition) { return accept_some(); });
    loop_.run();

    // Everything on this thread dies on it.
    outbox_->close();
    ticking_.reset();
    accepting_.reset();
    for (const auto& connection : std::vector(connections_.begin(), connections_.end())) connection->drop();
    while (g_main_context_iteration(loop_.context(), FALSE)) {
    }
  });
}

bool Worker::accept_some() {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    base::Fd fd(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size,
                          SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno == ECONNABORTED || errno == EINTR) continue;
      if (errno == EMFILE || errno == ENFILE) shed_load();
      return true;
    }
    if (shared_->connections.load(std::memory_order_relaxed) >= shared_->settings.max_connections) {
      refuse(std::move(fd));
      continue;
    }
    adopt_socket(std::move(fd), peer_name(address));
  }
  return true;
}

void Worker::adopt_socket(base::Fd fd, std::shared_ptr<const std::string> peer) {
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  base::glib::Handle<GIOStream> tls;
  if (shared_->certificate) {
    tls = base::glib::serve_tls(fd.get(), shared_->certificate.get());
    if (!tls) return;
  }
  auto connection = std::make_shared<Connection>(*this, std::move(peer), std::move(fd), std::move(tls));
  connections_.insert(connection);
  shared_->connections.fetch_add(1, std::memory_order_relaxed);
  shared_->metrics.accepted.Increment();
  shared_->metrics.open.Increment();
  if (!ticking_) ticking_ = base::glib::Timer(loop_.context(), kTick, [this] { tick(); });
  connection->open();
}

/// Out of descriptors: the kernel would report the waiting connection for ever, so take and
/// close it with the one descriptor kept for this.
void Worker::shed_load() {
  spare_.reset();
  refuse(base::Fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)));
  spare_.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

void Worker::refuse(base::Fd fd) {
  if (!fd) return;
  shared_->metrics.refused.Increment();
  if (!shared_->certificate) {
    (void)::send(fd.get(), kBusy.data(), kBusy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::shutdown(fd.get(), SHUT_WR);
  }
}

void Worker::dispatch(const std::shared_ptr<Responder::Impl>& exchange, const Router::Route& route,
                      Responder responder) {
  if (route.where == Where::worker) {
    route.handler(exchange, std::move(responder));
    return;
  }
  // std::function wants what it holds copyable.
  auto held = std::make_shared<Responder>(std::move(responder));
  shared_->control.post([exchange, held, &route, shared = shared_] {
    if (!held->aborted()) route.handler(exchange, std::move(*held));
  });
}

void Worker::release(const std::shared_ptr<Connection>& connection) {
  if (connections_.erase(connection) == 0) return;
  shared_->connections.fetch_sub(1, std::memory_order_relaxed);
  shared_->metrics.open.Decrement();
  if (connections_.empty()) ticking_.reset();
  loop_.post([connection, this] { settle_drain(); });
}

const std::string& Worker::date() {
  const auto now = base::wall_now();
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  if (second != date_of_) {
    date_of_ = second;
    date_ = http_date(now);
  }
  return date_;
}

void Worker::tick() {
  const auto now = base::Steady::now();
  for (const auto& connection : std::vector(connections_.begin(), connections_.end())) {
    connection->check_deadlines(now);
  }
}

std::future<void> Worker::begin_drain() {
  auto ready = drained_.get_future();
  loop_.post([this] {
    draining_ = true;
    accepting_.reset();
    listener_.reset();
    for (const auto& connection : std::vector(connections_.begin(), connections_.end())) {
      if (connection->phase() == Connection::Phase::idle) connection->drop();
    }
    settle_drain();
  });
  return ready;
}

void Worker::settle_drain() {
  if (!draining_ || drain_settled_ || !connections_.empty()) return;
  drain_settled_ = true;
  drained_.set_value();
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  loop_.quit();
  thread_.join();
}

}  // namespace tongke::relay::http
