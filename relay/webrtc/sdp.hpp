#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Session descriptions as WebRTC writes them: strict where it matters, bounded everywhere.
/// @source RFC 8866 (SDP), RFC 8829 (JSEP), RFC 8843 (BUNDLE), RFC 8853 (simulcast), RFC 8851 (rid)
namespace tongke::relay::webrtc::sdp {

inline constexpr std::size_t kMaxBytes = 64 * 1024;

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

struct Codec {
  std::uint8_t payload_type = 0;
  std::string name;  ///< lower case: "h264", "opus", "rtx"
  std::uint32_t clock = 0;
  std::uint32_t channels = 1;
  std::string format;                 ///< the fmtp line's parameters, as written
  std::vector<std::string> feedback;  ///< "nack", "nack pli", "transport-cc", …

  /// A parameter of `format`, compared without case; nullopt when it is not there.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  [[nodiscard]] bool has_feedback(std::string_view kind) const;
};

struct Extension {
  std::uint8_t id = 0;
  std::string uri;
};

struct Rid {
  std::string id;
  bool send = true;
};

/// What proves who the peer is and how to reach it; per m-line, or inherited from the session.
struct Security {
  std::string ufrag;
  std::string password;
  std::string fingerprint;  ///< "sha-256 AB:CD:…", the hash's name in lower case, hex in upper
  std::string setup;        ///< "actpass", "active", "passive"
};

struct Media {
  std::string kind;      ///< "audio", "video", "application"
  std::string protocol;  ///< "UDP/TLS/RTP/SAVPF"
  std::uint16_t port = 0;
  std::string mid;
  Direction direction = Direction::sendrecv;
  Security security;
  std::vector<Codec> codecs;  ///< in order of preference, those with an rtpmap
  std::vector<std::string> formats;
  std::vector<Extension> extensions;
  std::vector<Rid> rids;
  std::vector<std::string> simulcast_send;  ///< rids, the first alternative of each stream
  std::vector<std::uint32_t> ssrcs;
  /// RTX stream of a media stream, by "ssrc-group:FID".
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rtx_of;
  std::vector<std::string> candidates;  ///< as written, behind "a=candidate:"
  bool rtcp_mux = false;
  bool rtcp_rsize = false;
  bool bundle_only = false;

  [[nodiscard]] const Codec* codec(std::uint8_t payload_type) const;
  /// Id of the extension; 0 when it is not there.
  [[nodiscard]] std::uint8_t extension(std::string_view uri) const;
};

struct Description {
  Security security;
  bool ice_lite = false;
  std::vector<std::string> bundle;  ///< mids
  std::vector<Media> media;
};

/// @errors invalid: says what and in which line
[[nodiscard]] base::Result<Description> parse(std::string_view text);

/// An application/trickle-ice-sdpfrag body.  @source RFC 8840 section 9, RFC 9725 section 4.3
struct Fragment {
  std::string ufrag;
  std::string password;
  std::string fingerprint;
  std::vector<std::string> candidates;
  bool end_of_candidates = false;
};
/// @errors invalid
[[nodiscard]] base::Result<Fragment> parse_fragment(std::string_view text);

inline constexpr std::string_view kMidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
inline constexpr std::string_view kRidUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
inline constexpr std::string_view kRepairedRidUri = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
inline constexpr std::string_view kTransportCcUri =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
inline constexpr std::string_view kAbsSendTimeUri =
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
inline constexpr std::string_view kPlayoutDelayUri =
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

}  // namespace tongke::relay::webrtc::sdp
