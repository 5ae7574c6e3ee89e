#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "relay/webrtc/endpoint.hpp"
#include "relay/webrtc/ice.hpp"

namespace tongke::relay::bench {

/// What a browser that only watches would say: H.264 and Opus, NACK, PLI, REMB.
[[nodiscard]] std::string make_offer(const webrtc::IceCredentials& ice, const std::string& fingerprint);

/// What of the answer the client needs.
struct Answer {
  webrtc::IceCredentials ice;
  std::string fingerprint;
  webrtc::Endpoint candidate;  ///< a UDP one
  bool passive = true;         ///< the server waits for our ClientHello
  std::optional<std::uint8_t> video_type;
  std::optional<std::uint8_t> audio_type;
};
/// @param prefer_loopback  of several candidates take 127.0.0.1 or ::1: the URL is a loopback one
/// @errors invalid
[[nodiscard]] base::Result<Answer> read_answer(const std::string& text, bool prefer_loopback);

}  // namespace tongke::relay::bench
