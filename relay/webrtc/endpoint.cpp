#include "relay/webrtc/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace tongke::relay::webrtc {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

Endpoint Endpoint::from(const sockaddr_in6& address) noexcept {
  Endpoint endpoint;
  std::memcpy(endpoint.ip.data(), &address.sin6_addr, endpoint.ip.size());
  endpoint.port = ntohs(address.sin6_port);
  return endpoint;
}

Endpoint Endpoint::from(const sockaddr_in& address) noexcept {
  Endpoint endpoint;
  std::ranges::copy(kMapped, endpoint.ip.begin());
  std::memcpy(endpoint.ip.data() + kMapped.size(), &address.sin_addr, sizeof(address.sin_addr));
  endpoint.port = ntohs(address.sin_port);
  return endpoint;
}

std::optional<Endpoint> Endpoint::from(base::ByteView ip, std::uint16_t port) noexcept {
  Endpoint endpoint;
  endpoint.port = port;
  if (ip.size() == 4) {
    std::ranges::copy(kMapped, endpoint.ip.begin());
    std::ranges::copy(ip, endpoint.ip.begin() + kMapped.size());
  } else if (ip.size() == endpoint.ip.size()) {
    std::ranges::copy(ip, endpoint.ip.begin());
  } else {
    return std::nullopt;
  }
  return endpoint;
}

std::optional<Endpoint> Endpoint::parse(const std::string& ip, std::uint16_t port) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, ip.c_str(), bytes.data()) == 1) return from(base::ByteView(bytes).first(4), port);
  if (inet_pton(AF_INET6, ip.c_str(), bytes.data()) == 1) return from(base::ByteView(bytes), port);
  return std::nullopt;
}

bool Endpoint::is_v4() const noexcept { return std::equal(kMapped.begin(), kMapped.end(), ip.begin()); }

bool Endpoint::is_loopback() const noexcept {
  if (is_v4()) return ip[12] == 127;
  return std::all_of(ip.begin(), ip.end() - 1, [](auto byte) { return byte == 0; }) && ip.back() == 1;
}

base::ByteView Endpoint::address() const noexcept {
  return is_v4() ? base::ByteView(ip).subspan(kMapped.size()) : base::ByteView(ip);
}

sockaddr_in6 Endpoint::as_sockaddr6() const noexcept {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  std::memcpy(&address.sin6_addr, ip.data(), ip.size());
  return address;
}

sockaddr_in Endpoint::as_sockaddr4() const noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  std::memcpy(&address.sin_addr, ip.data() + kMapped.size(), sizeof(address.sin_addr));
  return address;
}

std::string Endpoint::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto bytes = address();
  inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

}  // namespace tongke::relay::webrtc
