#include "relay/http/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace tongke::relay::http {
namespace {

/// A storm of pupils opens thousands of connections in the second a lesson begins.
constexpr int kBacklog = 4096;

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;

  [[nodiscard]] socklen_t size() const { return any.sa_family == AF_INET6 ? sizeof(v6) : sizeof(v4); }
  void set_port(std::uint16_t port) {
    // The port lies at the same place in both families.
    v4.sin_port = htons(port);
  }
  [[nodiscard]] std::uint16_t port() const { return ntohs(v4.sin_port); }
};

base::Result<Address> parse(const std::string& text) {
  Address address{};
  if (inet_pton(AF_INET6, text.c_str(), &address.v6.sin6_addr) == 1) {
    address.v6.sin6_family = AF_INET6;
    return address;
  }
  address = {};
  if (inet_pton(AF_INET, text.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    return address;
  }
  return base::Error{base::Errc::invalid, "\"" + text + "\" is not an IP address", "address"};
}

base::Error failure(const std::string& what, const Address& address, int error_number) {
  const auto kind = error_number == EADDRINUSE      ? base::Errc::conflict
                    : error_number == EADDRNOTAVAIL ? base::Errc::invalid
                                                    : base::Errc::io;
  return {kind, what + " port " + std::to_string(address.port()) + ": " + std::strerror(error_number),
          "port"};
}

base::Result<base::Fd> bound_socket(Address& address, bool share_port) {
  base::Fd fd(::socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return failure("socket for", address, errno);
  const int on = 1;
  const int off = 0;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (share_port) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (address.any.sa_family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(fd.get(), &address.any, address.size()) != 0) return failure("bind", address, errno);
  socklen_t size = sizeof address;
  ::getsockname(fd.get(), &address.any, &size);
  return fd;
}

base::Result<Listeners> listen_at(Address address, std::size_t count) {
  // SO_REUSEPORT would let a second server of the same user share the port unnoticed; a bind
  // without it fails when anybody listens there.
  if (auto probe = bound_socket(address, false); !probe) return std::move(probe).error();
  Listeners listeners;
  for (std::size_t i = 0; i < count; ++i) {
    auto fd = bound_socket(address, true);
    if (!fd) return std::move(fd).error();
    if (::listen(fd->get(), kBacklog) != 0) return failure("listen on", address, errno);
    listeners.sockets.push_back(std::move(*fd));
  }
  listeners.port = address.port();
  return listeners;
}

}  // namespace

base::Result<Listeners> listen_on(const std::string& address, std::uint16_t port, std::size_t count) {
  auto parsed = parse(address);
  if (!parsed) return std::move(parsed).error();
  parsed->set_port(port);
  auto listeners = listen_at(*parsed, count);
  if (listeners || address != "::" || listeners.error().kind == base::Errc::conflict) return listeners;
  auto any_v4 = parse("0.0.0.0");
  any_v4->set_port(port);
  return listen_at(*any_v4, count);
}

}  // namespace tongke::relay::http
