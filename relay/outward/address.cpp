#include "relay/outward/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdint>
#include <cstring>

namespace tongke::relay::outward {
namespace {

enum class Reach { never, inside, anywhere };

struct Network {
  std::uint32_t address;
  int bits;
  Reach reach;
};
constexpr Network kNetworks[] = {
    {0x00000000, 8, Reach::never},    // this network
    {0xA9FE0000, 16, Reach::never},   // link-local
    {0xE0000000, 3, Reach::never},    // multicast, reserved
    {0x7F000000, 8, Reach::inside},   // loopback
    {0x0A000000, 8, Reach::inside},   // 10/8
    {0xAC100000, 12, Reach::inside},  // 172.16/12
    {0xC0A80000, 16, Reach::inside},  // 192.168/16
};

Reach reach_of(std::uint32_t address) noexcept {
  for (const Network& network : kNetworks) {
    if ((address ^ network.address) >> (32 - network.bits) == 0) return network.reach;
  }
  return Reach::anywhere;
}

Reach reach_of(const in6_addr& address) noexcept {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    std::uint32_t inner = 0;
    std::memcpy(&inner, &address.s6_addr[12], sizeof(inner));
    return reach_of(ntohl(inner));
  }
  if (IN6_IS_ADDR_LOOPBACK(&address)) return Reach::inside;
  if (IN6_IS_ADDR_UNSPECIFIED(&address) || IN6_IS_ADDR_LINKLOCAL(&address) || IN6_IS_ADDR_MULTICAST(&address))
    return Reach::never;
  return (address.s6_addr[0] & 0xFE) == 0xFC ? Reach::inside : Reach::anywhere;
}

}  // namespace

bool may_connect(const sockaddr& to, bool tls) noexcept {
  Reach reach = Reach::never;
  if (to.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &to, sizeof(in));
    reach = reach_of(ntohl(in.sin_addr.s_addr));
  } else if (to.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &to, sizeof(in));
    reach = reach_of(in.sin6_addr);
  }
  return reach == Reach::inside || (reach == Reach::anywhere && tls);
}

}  // namespace tongke::relay::outward
