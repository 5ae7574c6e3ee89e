#pragma once

#include <string>
#include <vector>

#include "relay/app/settings.hpp"
#include "school/lessons.hpp"
#include "school/token.hpp"

namespace tongke::relay::app {

/// Where people and encoders reach this server, as complete addresses.
struct Addresses {
  std::string pages;   ///< "http://127.0.0.1:8080", without a slash at the end
  std::string rtmp;    ///< "rtmp://127.0.0.1:1935/live"
  std::string rtmps;   ///< "rtmps://127.0.0.1:1936/live"; empty without TLS
  std::string srt;     ///< "srt://127.0.0.1:8890"
  std::string signal;  ///< "ws://127.0.0.1:8081/signal"; empty without a server

  [[nodiscard]] std::string rtmp_publish(const school::Lesson& lesson) const;
  /// Empty without TLS.
  [[nodiscard]] std::string rtmps_publish(const school::Lesson& lesson) const;
  [[nodiscard]] std::string srt_publish(const school::Lesson& lesson) const;
  /// Bearer = publish key.
  [[nodiscard]] std::string whip_publish(const school::Lesson& lesson) const;
  [[nodiscard]] std::string whep(const std::string& token, const std::string& lesson) const;
  [[nodiscard]] std::string watch(const std::string& token) const;
  [[nodiscard]] std::string studio(const std::string& token) const;
  [[nodiscard]] std::string desk(const std::string& token) const;
  /// The page that a link of this role opens: the lead's studio, a subject teacher's desk, the
  /// watch page for everybody else.
  [[nodiscard]] std::string page(school::Role role, const std::string& token) const;
  [[nodiscard]] std::string hls(const std::string& token, const std::string& lesson) const;
};

/// From the settings and the ports really bound (0 = as configured).
[[nodiscard]] Addresses make_addresses(const Settings& settings, std::uint16_t http, std::uint16_t rtmp,
                                       std::uint16_t srt, std::uint16_t rtmps = 0);

/// This machine's first IPv4 address that others on the network can reach; empty if none.
[[nodiscard]] std::string network_address();

}  // namespace tongke::relay::app
