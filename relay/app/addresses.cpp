#include "relay/app/addresses.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <memory>

namespace tongke::relay::app {

std::string Addresses::rtmp_publish(const school::Lesson& lesson) const {
  return rtmp + "/" + lesson.id + "?key=" + lesson.publish_key;
}
std::string Addresses::rtmps_publish(const school::Lesson& lesson) const {
  return rtmps.empty() ? std::string() : rtmps + "/" + lesson.id + "?key=" + lesson.publish_key;
}
std::string Addresses::srt_publish(const school::Lesson& lesson) const {
  return srt + "?streamid=publish:" + lesson.id + ":" + lesson.publish_key;
}
std::string Addresses::whip_publish(const school::Lesson& lesson) const {
  return pages + "/whip/" + lesson.id;
}
std::string Addresses::whep(const std::string& token, const std::string& lesson) const {
  return pages + "/whep/" + lesson + "?token=" + token;
}
std::string Addresses::watch(const std::string& token) const { return pages + "/w/" + token; }
std::string Addresses::studio(const std::string& token) const { return pages + "/studio/" + token; }
std::string Addresses::desk(const std::string& token) const { return pages + "/desk/" + token; }
std::string Addresses::page(school::Role role, const std::string& token) const {
  switch (role) {
    case school::Role::lead:
      return studio(token);
    case school::Role::teacher:
      return desk(token);
    default:
      return watch(token);
  }
}
std::string Addresses::hls(const std::string& token, const std::string& lesson) const {
  return pages + "/hls/" + token + "/" + lesson + "/master.m3u8";
}

Addresses make_addresses(const Settings& settings, std::uint16_t http, std::uint16_t rtmp, std::uint16_t srt,
                         std::uint16_t rtmps) {
  const std::string host = settings.server.host.empty() ? "127.0.0.1" : settings.server.host;
  const auto port = [](std::uint16_t bound, std::int64_t configured) {
    return std::to_string(bound != 0 ? bound : configured);
  };
  Addresses addresses;
  const bool tls = !settings.http.tls_certificate.empty();
  addresses.pages = settings.http.public_url.empty()
                        ? (tls ? "https://" : "http://") + host + ":" + port(http, settings.http.port)
                        : settings.http.public_url;
  while (addresses.pages.ends_with('/')) addresses.pages.pop_back();
  addresses.rtmp = "rtmp://" + host + ":" + port(rtmp, settings.rtmp.port) + "/live";
  if (tls) addresses.rtmps = "rtmps://" + host + ":" + port(rtmps, settings.rtmp.tls_port) + "/live";
  addresses.srt = "srt://" + host + ":" + port(srt, settings.srt.port);
  return addresses;
}

std::string network_address() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
    if ((entry->ifa_flags & IFF_LOOPBACK) != 0 || (entry->ifa_flags & IFF_UP) == 0) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr);
    if (inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size())) return text.data();
  }
  return {};
}

}  // namespace tongke::relay::app
