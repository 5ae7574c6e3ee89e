#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "base/fd.hpp"
#include "base/result.hpp"

namespace tongke::relay::ingest {

/// An IP address with port, as the socket calls want it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  [[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] std::uint16_t port() const noexcept;
};

/// A numeric IPv4 or IPv6 address ("::" serves IPv4 too).
/// @errors invalid: not an address (names are not looked up)
[[nodiscard]] base::Result<SocketAddress> parse_address(const std::string& address, std::uint16_t port);

/// Address without port, for logs; an IPv4 peer of a "::" socket as IPv4.
[[nodiscard]] std::string to_string(const SocketAddress& address);

/// A socket that others may find.
struct Listener {
  base::Fd fd;
  std::uint16_t port = 0;
};

/// A non-blocking TCP listener. Port 0 picks a free one.  @errors invalid, io (taken, not ours)
[[nodiscard]] base::Result<Listener> listen_tcp(const std::string& address, std::uint16_t port);

/// A non-blocking UDP socket at that address, alone there. Port 0 picks a free one.  @errors as above
[[nodiscard]] base::Result<Listener> bind_udp(const std::string& address, std::uint16_t port);

}  // namespace tongke::relay::ingest
