#include "relay/webrtc/tcp_port.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "relay/ingest/socket_address.hpp"
#include "relay/webrtc/big_endian.hpp"

namespace tongke::relay::webrtc {
namespace {

using base::metrics::counter;

Endpoint peer_of(const ingest::SocketAddress& address) {
  return address.storage.ss_family == AF_INET6
             ? Endpoint::from(reinterpret_cast<const sockaddr_in6&>(address.storage))
             : Endpoint::from(reinterpret_cast<const sockaddr_in&>(address.storage));
}

}  // namespace

base::Result<std::unique_ptr<TcpPort>> TcpPort::open(const std::string& address, std::uint16_t port,
                                                     Loop& loop, Events events) {
  auto listener = ingest::listen_tcp(address, port);
  if (!listener) return std::move(listener).error().in("webrtc");
  return std::unique_ptr<TcpPort>(
      new TcpPort(std::move(listener->fd), listener->port, loop, std::move(events)));
}

TcpPort::TcpPort(base::Fd fd, std::uint16_t port, Loop& loop, Events events)
    : fd_(std::move(fd)),
      port_(port),
      loop_(loop),
      events_(std::move(events)),
      dropped_(
          counter("tongke_webrtc_tcp_dropped_total", "Packets dropped because an ICE-TCP peer is slow.")),
      refused_(counter("tongke_webrtc_tcp_refused_total",
                       "ICE-TCP connections closed because they did not prove who they are.")) {
  loop_.watch(fd_.get(), EPOLLIN, [this](std::uint32_t) { accept_all(); });
}

TcpPort::~TcpPort() {
  loop_.unwatch(fd_.get());
  for (auto& [id, connection] : connections_) loop_.unwatch(connection.fd.get());
}

void TcpPort::accept_all() {
  for (;;) {
    ingest::SocketAddress from;
    base::Fd fd(::accept4(fd_.get(), from.get(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) return;
    if (strangers_ >= kMaxStrangers || connections_.size() >= kMaxConnections) {
      refused_.Increment();
      continue;
    }
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const std::uint32_t id = ++last_ == 0 ? ++last_ : last_;
    const int raw = fd.get();
    connections_[id] = {.fd = std::move(fd),
                        .peer = {peer_of(from), id},
                        .in = {},
                        .out = {},
                        .since = base::Steady::now(),
                        .vouched = false};
    ++strangers_;
    loop_.watch(raw, EPOLLIN, [this, id](std::uint32_t events) { ready(id, events); });
    events_.accepted();
  }
}

void TcpPort::ready(std::uint32_t id, std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || !write_some(found->second)) return lose(id);
  }
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0 && !read_some(id)) lose(id);
}

bool TcpPort::read_some(std::uint32_t id) {
  std::array<std::uint8_t, 16 * 1024> buffer;
  const auto found = connections_.find(id);
  if (found == connections_.end()) return true;
  const ssize_t size = ::read(found->second.fd.get(), buffer.data(), buffer.size());
  if (size == 0) return false;
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  const Peer peer = found->second.peer;
  auto& in = found->second.in;
  in.insert(in.end(), buffer.begin(), buffer.begin() + size);
  // Handled from a copy: what a packet leads to may close the connection.
  std::vector<std::uint8_t> bytes = std::move(in);
  in.clear();
  std::size_t at = 0;
  while (bytes.size() - at >= 2) {
    const std::size_t length = load16(bytes.data() + at);
    if (length > kMaxPacket) return false;
    if (bytes.size() - at < 2 + length) break;
    events_.packet(peer, {bytes.data() + at + 2, length});
    if (!connections_.contains(id)) return true;
    at += 2 + length;
  }
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  connections_.find(id)->second.in = std::move(bytes);
  return true;
}

void TcpPort::send(std::uint32_t id, base::ByteView bytes, std::size_t segment) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  auto& out = found->second.out;
  if (out.size() + bytes.size() > kMaxWaiting) {
    dropped_.Increment();
    return;
  }
  if (segment == 0) segment = bytes.size();
  const bool was_empty = out.empty();
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(segment, bytes.size()));
    put16(out, static_cast<std::uint16_t>(piece.size()));
    out.insert(out.end(), piece.begin(), piece.end());
    bytes = bytes.subspan(piece.size());
  }
  if (!was_empty) return;
  // A dead connection is noticed by its reader.
  if (write_some(found->second) && !out.empty()) loop_.change(found->second.fd.get(), EPOLLIN | EPOLLOUT);
}

bool TcpPort::write_some(Connection& connection) {
  auto& out = connection.out;
  if (!out.empty()) {
    const ssize_t size = ::send(connection.fd.get(), out.data(), out.size(), MSG_NOSIGNAL);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    out.erase(out.begin(), out.begin() + size);
  }
  if (out.empty()) loop_.change(connection.fd.get(), EPOLLIN);
  return true;
}

void TcpPort::vouch(std::uint32_t id) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || std::exchange(found->second.vouched, true)) return;
  --strangers_;
}

void TcpPort::close(std::uint32_t id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  if (!found->second.vouched) --strangers_;
  loop_.unwatch(found->second.fd.get());
  connections_.erase(found);
}

void TcpPort::lose(std::uint32_t id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const Peer peer = found->second.peer;
  close(id);
  events_.closed(peer);
}

void TcpPort::tick(base::Steady::time_point now) {
  std::vector<std::uint32_t> late;
  for (const auto& [id, connection] : connections_)
    if (!connection.vouched && now - connection.since > kPatience) late.push_back(id);
  for (const auto id : late) {
    refused_.Increment();
    close(id);
  }
}

}  // namespace tongke::relay::webrtc
