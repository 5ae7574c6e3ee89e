#pragma once

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace tongke::relay::webrtc {

/// An IP address and port as a value: IPv4 is kept as ::ffff:a.b.c.d, so that one dual-stack
/// socket serves both and there is one spelling of each peer.
struct Endpoint {
  std::array<std::uint8_t, 16> ip{};
  std::uint16_t port = 0;

  [[nodiscard]] static Endpoint from(const sockaddr_in6& address) noexcept;
  [[nodiscard]] static Endpoint from(const sockaddr_in& address) noexcept;
  /// @param ip  4 or 16 bytes; nullopt for any other length
  [[nodiscard]] static std::optional<Endpoint> from(base::ByteView ip, std::uint16_t port) noexcept;
  /// A numeric address; names (an mDNS candidate's too) are nullopt.
  [[nodiscard]] static std::optional<Endpoint> parse(const std::string& ip, std::uint16_t port);

  [[nodiscard]] bool is_v4() const noexcept;
  [[nodiscard]] bool is_loopback() const noexcept;
  /// 4 or 16 bytes, without the mapping.
  [[nodiscard]] base::ByteView address() const noexcept;
  /// For a dual-stack socket.
  [[nodiscard]] sockaddr_in6 as_sockaddr6() const noexcept;
  /// For a socket of a machine without IPv6; only for is_v4().
  [[nodiscard]] sockaddr_in as_sockaddr4() const noexcept;
  /// Without the port.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

struct EndpointHash {
  [[nodiscard]] std::size_t operator()(const Endpoint& endpoint) const noexcept {
    const std::string_view ip(reinterpret_cast<const char*>(endpoint.ip.data()), endpoint.ip.size());
    return std::hash<std::string_view>()(ip) ^ (std::size_t{endpoint.port} * 0x9E3779B97F4A7C15U);
  }
};

}  // namespace tongke::relay::webrtc
