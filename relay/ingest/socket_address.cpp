#include "relay/ingest/socket_address.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace tongke::relay::ingest {
namespace {

base::Error io_error(const char* what) {
  return {base::Errc::io, std::string(what) + ": " + std::generic_category().message(errno)};
}

base::Result<Listener> bind_socket(const std::string& address, std::uint16_t port, int type) {
  auto parsed = parse_address(address, port);
  if (!parsed) return std::move(parsed).error();
  SocketAddress at = *parsed;
  base::Fd fd(::socket(at.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return io_error("socket");
  const int on = 1;
  const int off = 0;
  // For TCP: again at once after a stop. UDP ports would be shared with anybody.
  if (type == SOCK_STREAM) setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.storage.ss_family == AF_INET6) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(fd.get(), at.get(), at.size) != 0) return io_error("bind");
  if (::getsockname(fd.get(), at.get(), &at.size) != 0) return io_error("getsockname");
  return Listener{.fd = std::move(fd), .port = at.port()};
}

}  // namespace

std::uint16_t SocketAddress::port() const noexcept {
  if (storage.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

base::Result<SocketAddress> parse_address(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (status != 0) return base::Error{base::Errc::invalid, "'" + address + "' is not an IP address"};
  SocketAddress result;
  result.size = found->ai_addrlen;
  std::memcpy(&result.storage, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return result;
}

std::string to_string(const SocketAddress& address) {
  std::array<char, NI_MAXHOST> host{};
  if (getnameinfo(address.get(), address.size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return "?";
  const std::string text = host.data();
  constexpr std::string_view kMapped = "::ffff:";
  return text.starts_with(kMapped) ? text.substr(kMapped.size()) : text;
}

base::Result<Listener> listen_tcp(const std::string& address, std::uint16_t port) {
  auto bound = bind_socket(address, port, SOCK_STREAM);
  if (bound && ::listen(bound->fd.get(), 128) != 0) return io_error("listen");
  return bound;
}

base::Result<Listener> bind_udp(const std::string& address, std::uint16_t port) {
  return bind_socket(address, port, SOCK_DGRAM);
}

}  // namespace tongke::relay::ingest
