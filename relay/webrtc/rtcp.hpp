#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

/// RTCP as bytes; pure.
/// @source RFC 3550 section 6, RFC 4585 (NACK, PLI), RFC 5104 (FIR), RFC 5506 (reduced size),
///         draft-alvestrand-rmcat-remb-03, draft-holmer-rmcat-transport-wide-cc-extensions-01
namespace tongke::relay::webrtc::rtcp {

enum Type : std::uint8_t {
  kSenderReport = 200,
  kReceiverReport = 201,
  kSdes = 202,
  kBye = 203,
  kTransportFeedback = 205,
  kPayloadFeedback = 206,
};
enum Format : std::uint8_t {  ///< the count field of feedback packets
  kNack = 1,                  ///< transport
  kTransportCc = 15,          ///< transport
  kPli = 1,                   ///< payload
  kFir = 4,                   ///< payload
  kRemb = 15,                 ///< payload
};

/// One packet of a compound; a view.
struct Packet {
  std::uint8_t type = 0;
  std::uint8_t count = 0;
  std::uint32_t ssrc = 0;  ///< of the sender; 0 when the body is too short to have one
  base::ByteView body;     ///< behind the four-byte header, without padding
};

/// Walks through a compound packet.
class Reader {
 public:
  explicit Reader(base::ByteView compound) : rest_(compound) {}
  /// nullopt at the end or at the first malformed packet.
  [[nodiscard]] std::optional<Packet> next();
  /// Something was there that is not RTCP.
  [[nodiscard]] bool malformed() const noexcept { return malformed_; }

 private:
  base::ByteView rest_;
  bool malformed_ = false;
};

struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;  ///< of 256
  std::int32_t lost = 0;
  std::uint32_t highest_sequence = 0;
  std::uint32_t jitter = 0;
  std::uint32_t last_sr = 0;  ///< middle 32 bits of the NTP time of the last sender report; 0 = none
  std::uint32_t delay_since_last_sr = 0;  ///< 1/65536 s
};
struct SenderInfo {
  std::uint64_t ntp = 0;
  std::uint32_t rtp = 0;
  std::uint32_t packets = 0;
  std::uint32_t bytes = 0;
};

/// Of a sender report.
[[nodiscard]] std::optional<SenderInfo> sender_info(const Packet& packet);
/// Of a sender or receiver report, at most 31.
[[nodiscard]] std::vector<ReportBlock> report_blocks(const Packet& packet);

/// Sequence numbers asked for again, in order; at most `limit`.
struct Nack {
  std::uint32_t media = 0;
  std::vector<std::uint16_t> sequences;
};
[[nodiscard]] std::optional<Nack> nack(const Packet& packet, std::size_t limit = 512);

/// SSRCs a keyframe is asked of, by PLI or FIR.
[[nodiscard]] std::vector<std::uint32_t> keyframe_wanted(const Packet& packet);

struct Remb {
  std::uint64_t bits_per_second = 0;
};
[[nodiscard]] std::optional<Remb> remb(const Packet& packet);

/// What became of packets by their transport-wide numbers.
struct TransportCc {
  struct Arrival {
    std::uint16_t sequence = 0;
    /// On the receiver's clock, wrapping after 12 days; nullopt: not received.
    std::optional<std::chrono::microseconds> at;
  };
  std::uint8_t feedback_number = 0;
  std::vector<Arrival> arrivals;
};
/// nullopt when it is none or contradicts itself.
[[nodiscard]] std::optional<TransportCc> transport_cc(const Packet& packet);

// ---- writing; each appends to `out` ----

void write_sender_report(std::vector<std::uint8_t>& out, std::uint32_t ssrc, const SenderInfo& info);
void write_receiver_report(std::vector<std::uint8_t>& out, std::uint32_t ssrc,
                           std::span<const ReportBlock> blocks);
/// CNAME of one or more sources.
void write_sdes(std::vector<std::uint8_t>& out, std::span<const std::uint32_t> ssrcs, std::string_view cname);
void write_bye(std::vector<std::uint8_t>& out, std::span<const std::uint32_t> ssrcs);
/// @param sequences  ascending on the circle of sequence numbers
void write_nack(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint32_t media,
                std::span<const std::uint16_t> sequences);
void write_pli(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint32_t media);
void write_remb(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint64_t bits_per_second,
                std::span<const std::uint32_t> media);
/// @param arrivals  consecutive numbers, not empty
void write_transport_cc(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint32_t media,
                        const TransportCc& feedback);

/// NTP timestamp: seconds since 1900 in 32.32 fixed point.
[[nodiscard]] std::uint64_t ntp_time(std::chrono::system_clock::time_point time);
/// What report blocks echo of it.
[[nodiscard]] constexpr std::uint32_t ntp_middle(std::uint64_t ntp) noexcept {
  return static_cast<std::uint32_t>(ntp >> 16U);
}

}  // namespace tongke::relay::webrtc::rtcp
