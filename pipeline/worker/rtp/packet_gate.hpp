#pragma once

#include <bitset>
#include <cstdint>
#include <set>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace tongke::pipeline::worker::rtp {

/// Lets in what a publisher's packets may be, so that nothing else costs a jitter buffer and
/// its thread: RTP of agreed payload types from a bounded number of sources, and RTCP. Pure.
/// @source RFC 3550 sections 5.1 and 6.1; RFC 5761 section 4 (telling them apart)
class PacketGate {
 public:
  enum class Kind : std::uint8_t { rtp, rtcp, refused };

  /// Camera, microphone, three simulcast layers with retransmissions, and what replaces them
  /// when a browser starts a track anew.
  static constexpr std::size_t kMaxSources = 32;

  void allow(std::uint8_t payload_type) { allowed_.set(payload_type & 0x7fU); }

  [[nodiscard]] Kind admit(base::ByteView packet);

 private:
  [[nodiscard]] bool is_well_formed_rtp(base::ByteView packet) const;

  std::bitset<128> allowed_;
  std::set<std::uint32_t> sources_;  ///< SSRCs heard so far
};

}  // namespace tongke::pipeline::worker::rtp
