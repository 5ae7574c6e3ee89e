#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "relay/webrtc/endpoint.hpp"
#include "relay/webrtc/ice.hpp"
#include "relay/webrtc/sdp.hpp"

/// From a browser's offer to our answer; pure.
/// @source RFC 9725 section 4.2 (WHIP), RFC 8829 section 5.3 (answers), RFC 6184 section 8.2.2
namespace tongke::relay::webrtc {

enum class Purpose : std::uint8_t { watch, publish };

/// Header extensions that both sides have, by id; 0 = not agreed.
struct ExtensionIds {
  std::uint8_t mid = 0;
  std::uint8_t rid = 0;
  std::uint8_t repaired_rid = 0;
  std::uint8_t transport_cc = 0;
  std::uint8_t abs_send_time = 0;
  std::uint8_t playout_delay = 0;
};

/// One m-line that carries media.
struct Track {
  std::size_t line = 0;  ///< which of the offer's
  std::string mid;
  sdp::Codec codec;
  std::optional<std::uint8_t> rtx;  ///< payload type
  ExtensionIds extensions;
  std::vector<std::string> rids;  ///< simulcast layers offered, publishing only
};

struct Agreement {
  Purpose purpose = Purpose::watch;
  sdp::Security remote;
  std::optional<Track> audio;
  std::optional<Track> video;
};

/// What both sides can do: the first audio and the first video line with a codec of ours
/// (Opus; H.264 with packetization-mode 1, when publishing also VP8), bundled on one transport.
/// @errors invalid: the offer breaks a rule we need; unavailable: no codec in common
[[nodiscard]] base::Result<Agreement> agree(const sdp::Description& offer, Purpose purpose);

/// Numbers of our streams, when we send.
struct Ssrcs {
  std::uint32_t audio = 0;
  std::uint32_t video = 0;
  std::uint32_t rtx = 0;
};

/// What the answer says of this server.
struct LocalSide {
  IceCredentials ice;
  std::string fingerprint;
  std::vector<Endpoint> udp;  ///< candidates, best first
  std::vector<Endpoint> tcp;
  Ssrcs ssrcs;
  std::uint64_t session = 0;
};

[[nodiscard]] std::string write_answer(const sdp::Description& offer, const Agreement& agreement,
                                       const LocalSide& local);

/// The answer to an ICE restart.  @source RFC 9725 section 4.3.3
[[nodiscard]] std::string write_fragment(const Agreement& agreement, const LocalSide& local);

}  // namespace tongke::relay::webrtc
