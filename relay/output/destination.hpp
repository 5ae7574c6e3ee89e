#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"

namespace tongke::relay::output {

/// Where a lesson may be sent to: the configuration names them all, and there are no others.
struct Destination {
  std::string name = {};  ///< letters, digits, - and _; in logs and metrics, where the key never is
  pipeline::wire::OutputFormat format = pipeline::wire::OutputFormat::mpegts;
  std::string url = {};           ///< without the key
  std::string key = {};           ///< secret: RTMP's stream key or SRT's passphrase; empty = none
  std::uint32_t rate_bps = 0;     ///< mpegts: of all packets, null ones too
  std::string service_name = {};  ///< mpegts: what a television shows
  bool layer2 = false;            ///< mpegts: sound as MPEG-1 Layer II, for boxes that know no AAC
  std::chrono::milliseconds delay{0};

  /// Whoever starts it has to give a stream key.
  [[nodiscard]] bool wants_key() const { return format == pipeline::wire::OutputFormat::rtmp && key.empty(); }
  friend bool operator==(const Destination&, const Destination&) = default;
};

/// "cable-3 | ts | udp://239.10.0.3:5000?ttl=4 | rate=5M | name=三年级 | delay=30s" or
/// "dingtalk | rtmp | rtmps://push.example.com/live | delay=2s", as the configuration has it.
/// @errors invalid
[[nodiscard]] base::Result<Destination> destination_from(std::string_view line);

/// "dingtalk=…".  @errors invalid; the message never holds the key
struct Key {
  std::string destination = {};
  std::string value = {};
};
[[nodiscard]] base::Result<Key> key_from(std::string_view line);
/// Whether this may be a key.  @errors invalid (field "key"); the message never holds it
[[nodiscard]] base::Result<void> check_key(std::string_view key);

/// All of them, each with its key.  @errors invalid: two of one name, a key of nobody's
[[nodiscard]] base::Result<std::vector<Destination>> destinations_from(const std::vector<std::string>& lines,
                                                                       const std::vector<std::string>& keys);

}  // namespace tongke::relay::output
