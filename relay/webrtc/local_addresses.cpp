#include "relay/webrtc/local_addresses.hpp"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <memory>

namespace tongke::relay::webrtc {
namespace {

/// More than a browser wants to check.
constexpr std::size_t kMaxAddresses = 8;

bool link_local(const Endpoint& endpoint) {
  if (endpoint.is_v4()) return endpoint.ip[12] == 169 && endpoint.ip[13] == 254;
  return endpoint.ip[0] == 0xFE && (endpoint.ip[1] & 0xC0U) == 0x80U;
}

std::vector<Endpoint> interface_addresses(bool loopback, std::uint16_t port) {
  std::vector<Endpoint> found;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return found;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || (entry->ifa_flags & IFF_UP) == 0) continue;
    if (((entry->ifa_flags & IFF_LOOPBACK) != 0) != loopback) continue;
    Endpoint endpoint;
    if (entry->ifa_addr->sa_family == AF_INET) {
      endpoint = Endpoint::from(reinterpret_cast<const sockaddr_in&>(*entry->ifa_addr));
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
      endpoint = Endpoint::from(reinterpret_cast<const sockaddr_in6&>(*entry->ifa_addr));
    } else {
      continue;
    }
    endpoint.port = port;
    if (!link_local(endpoint)) found.push_back(endpoint);
  }
  return found;
}

}  // namespace

std::vector<Endpoint> candidate_addresses(const std::vector<std::string>& configured, bool with_loopback,
                                          std::uint16_t port) {
  std::vector<Endpoint> addresses;
  for (const auto& text : configured)
    if (const auto endpoint = Endpoint::parse(text, port)) addresses.push_back(*endpoint);
  if (configured.empty()) addresses = interface_addresses(false, port);
  if (with_loopback || addresses.empty()) {
    for (const auto& endpoint : interface_addresses(true, port))
      if (std::ranges::find(addresses, endpoint) == addresses.end()) addresses.push_back(endpoint);
  }
  if (addresses.size() > kMaxAddresses) addresses.resize(kMaxAddresses);
  return addresses;
}

}  // namespace tongke::relay::webrtc
