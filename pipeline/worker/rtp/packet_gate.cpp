#include "pipeline/worker/rtp/packet_gate.hpp"

namespace tongke::pipeline::worker::rtp {
namespace {

constexpr unsigned kVersion = 2;
constexpr std::size_t kRtpHeader = 12;
constexpr std::size_t kRtcpHeader = 8;  // with the sender's SSRC
constexpr unsigned kFirstRtcp = 192;
constexpr unsigned kLastRtcp = 223;

std::uint32_t ssrc_of(base::ByteView packet) {
  return static_cast<std::uint32_t>(packet[8]) << 24U | static_cast<std::uint32_t>(packet[9]) << 16U |
         static_cast<std::uint32_t>(packet[10]) << 8U | packet[11];
}

// Every packet of the compound ends where the next begins.
bool is_well_formed_rtcp(base::ByteView packet) {
  if (packet.size() < kRtcpHeader) return false;
  while (!packet.empty()) {
    if (packet.size() < 4 || packet[0] >> 6U != kVersion) return false;
    const std::size_t size = (static_cast<std::size_t>(packet[2]) << 8U | packet[3]) * 4 + 4;
    if (size > packet.size()) return false;
    packet = packet.subspan(size);
  }
  return true;
}

}  // namespace

PacketGate::Kind PacketGate::admit(base::ByteView packet) {
  if (packet.size() < kRtcpHeader || packet[0] >> 6U != kVersion) return Kind::refused;
  if (packet[1] >= kFirstRtcp && packet[1] <= kLastRtcp)
    return is_well_formed_rtcp(packet) ? Kind::rtcp : Kind::refused;
  if (!is_well_formed_rtp(packet)) return Kind::refused;
  const std::uint32_t ssrc = ssrc_of(packet);
  if (!sources_.contains(ssrc) && sources_.size() >= kMaxSources) return Kind::refused;
  sources_.insert(ssrc);
  return Kind::rtp;
}

bool PacketGate::is_well_formed_rtp(base::ByteView packet) const {
  if (packet.size() < kRtpHeader || !allowed_.test(packet[1] & 0x7fU)) return false;
  std::size_t header = kRtpHeader + std::size_t{4} * (packet[0] & 0x0fU);
  if ((packet[0] & 0x10U) != 0) {
    if (packet.size() < header + 4) return false;
    header += 4 + std::size_t{4} * (static_cast<std::size_t>(packet[header + 2]) << 8U | packet[header + 3]);
  }
  const bool padded = (packet[0] & 0x20U) != 0;
  if (packet.size() < header + (padded ? 1U : 0U)) return false;
  return !padded || (packet.back() != 0 && packet.back() <= packet.size() - header);
}

}  // namespace tongke::pipeline::worker::rtp
