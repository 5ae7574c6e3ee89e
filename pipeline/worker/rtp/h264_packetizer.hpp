#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "pipeline/worker/av/parameter_sets.hpp"

namespace tongke::pipeline::worker::rtp {

/// A datagram of 1206 bytes at most: this, 12 bytes of RTP header, up to 16 of extensions
/// (abs-send-time, playout-delay, transport-cc), 2 of RTX and an authentication tag of 16. It
/// passes where IPv6's least MTU does (1280, of which 48 are headers), even with a tunnel's.
inline constexpr std::size_t kMaxPayloadBytes = 1160;

/// Cuts access units into RTP payloads: single NAL units, STAP-A and FU-A. A NAL unit too
/// large for one payload is cut into pieces of one size, the last being shorter by less than
/// a byte a piece, so that a sender can hand them to the kernel as one batch (UDP_SEGMENT).
/// Pure.  @source RFC 6184 sections 5.6 to 5.8, packetization-mode 1
class H264Packetizer {
 public:
  H264Packetizer() = default;
  /// @param avcc  whose SPS and PPS go before keyframes that carry none themselves
  explicit H264Packetizer(base::ByteView avcc) : parameter_sets_(av::parameter_sets(avcc)) {}

  /// @param avc  one access unit, NAL units with 4-byte lengths
  /// @param key  a decoder can start here
  /// @return the payloads, each preceded by its length as in RFC 4571; empty when there is
  ///         no NAL unit to send or a length points past the end
  [[nodiscard]] std::vector<std::uint8_t> packetize(base::ByteView avc, bool key) const;

 private:
  std::vector<std::vector<std::uint8_t>> parameter_sets_;
};

}  // namespace tongke::pipeline::worker::rtp
