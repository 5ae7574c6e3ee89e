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

}  // namespace

std::vector<LocalAddresses::Own> LocalAddresses::look() {
  std::vector<Own> found;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return found;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || (entry->ifa_flags & IFF_UP) == 0) continue;
    Own own{.endpoint = {}, .loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0};
    if (entry->ifa_addr->sa_family == AF_INET) {
      own.endpoint = Endpoint::from(reinterpret_cast<const sockaddr_in&>(*entry->ifa_addr));
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
      own.endpoint = Endpoint::from(reinterpret_cast<const sockaddr_in6&>(*entry->ifa_addr));
    } else {
      continue;
    }
    if (!link_local(own.endpoint)) found.push_back(own);
  }
  return found;
}

std::vector<Endpoint> LocalAddresses::candidates(const std::vector<std::string>& configured,
                                                 bool with_loopback, std::uint16_t port,
                                                 base::Steady::time_point now) {
  std::vector<Endpoint> addresses;
  for (const auto& text : configured)
    if (const auto endpoint = Endpoint::parse(text, port)) addresses.push_back(*endpoint);
  if (!looked_ || now - *looked_ >= kFresh) {
    own_ = look();
    looked_ = now;
  }
  const auto add = [&](bool loopback) {
    for (const auto& own : own_) {
      Endpoint endpoint = own.endpoint;
      endpoint.port = port;
      if (own.loopback == loopback && std::ranges::find(addresses, endpoint) == addresses.end())
        addresses.push_back(endpoint);
    }
  };
  if (configured.empty()) add(false);
  if (with_loopback || addresses.empty()) add(true);
  if (addresses.size() > kMaxAddresses) addresses.resize(kMaxAddresses);
  return addresses;
}

}  // namespace tongke::relay::webrtc
