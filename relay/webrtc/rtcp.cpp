#include "relay/webrtc/rtcp.hpp"

#include <algorithm>

#include "relay/webrtc/big_endian.hpp"

namespace tongke::relay::webrtc::rtcp {
namespace {

using base::ByteView;

constexpr std::size_t kBlock = 24;
constexpr std::size_t kSenderInfo = 20;
constexpr std::size_t kFeedbackHead = 8;  // both SSRCs
constexpr std::string_view kRembId = "REMB";

bool is_feedback(const Packet& packet, Type type, Format format) {
  return packet.type == type && packet.count == format && packet.body.size() >= kFeedbackHead;
}

}  // namespace

std::optional<Packet> Reader::next() {
  if (rest_.empty()) return std::nullopt;
  malformed_ = true;
  if (rest_.size() < 4 || rest_[0] >> 6U != 2) return std::nullopt;
  const std::size_t size = 4 + std::size_t{load16(rest_.data() + 2)} * 4;
  if (size > rest_.size()) return std::nullopt;
  Packet packet;
  packet.type = rest_[1];
  packet.count = rest_[0] & 0x1FU;
  packet.body = rest_.subspan(4, size - 4);
  if ((rest_[0] & 0x20U) != 0) {
    if (packet.body.empty()) return std::nullopt;
    const std::size_t padding = packet.body.back();
    if (padding == 0 || padding > packet.body.size()) return std::nullopt;
    packet.body = packet.body.first(packet.body.size() - padding);
  }
  if (packet.body.size() >= 4) packet.ssrc = load32(packet.body.data());
  rest_ = rest_.subspan(size);
  malformed_ = false;
  return packet;
}

std::optional<SenderInfo> sender_info(const Packet& packet) {
  if (packet.type != kSenderReport || packet.body.size() < 4 + kSenderInfo) return std::nullopt;
  const auto* at = packet.body.data() + 4;
  return SenderInfo{
      .ntp = load_be(at, 8), .rtp = load32(at + 8), .packets = load32(at + 12), .bytes = load32(at + 16)};
}

std::vector<ReportBlock> report_blocks(const Packet& packet) {
  std::vector<ReportBlock> blocks;
  const std::size_t head = packet.type == kSenderReport ? 4 + kSenderInfo : 4;
  if (packet.type != kSenderReport && packet.type != kReceiverReport) return blocks;
  for (std::size_t i = 0; i < packet.count; ++i) {
    const std::size_t at = head + i * kBlock;
    if (at + kBlock > packet.body.size()) break;
    const auto* block = packet.body.data() + at;
    // 24 bits, signed.
    const auto lost = static_cast<std::int32_t>(static_cast<std::uint32_t>(load_be(block + 5, 3)) << 8U) >> 8;
    blocks.push_back({.ssrc = load32(block),
                      .fraction_lost = block[4],
                      .lost = lost,
                      .highest_sequence = load32(block + 8),
                      .jitter = load32(block + 12),
                      .last_sr = load32(block + 16),
                      .delay_since_last_sr = load32(block + 20)});
  }
  return blocks;
}

std::optional<Nack> nack(const Packet& packet, std::size_t limit) {
  if (!is_feedback(packet, kTransportFeedback, kNack)) return std::nullopt;
  Nack nack{.media = load32(packet.body.data() + 4), .sequences = {}};
  for (std::size_t at = kFeedbackHead; at + 4 <= packet.body.size(); at += 4) {
    const std::uint16_t first = load16(packet.body.data() + at);
    const std::uint16_t mask = load16(packet.body.data() + at + 2);
    for (unsigned bit = 0; bit <= 16; ++bit) {
      if (bit > 0 && (mask >> (bit - 1) & 1U) == 0) continue;
      if (nack.sequences.size() >= limit) return nack;
      nack.sequences.push_back(static_cast<std::uint16_t>(first + bit));
    }
  }
  return nack;
}

std::vector<std::uint32_t> keyframe_wanted(const Packet& packet) {
  std::vector<std::uint32_t> ssrcs;
  if (is_feedback(packet, kPayloadFeedback, kPli)) {
    ssrcs.push_back(load32(packet.body.data() + 4));
  } else if (is_feedback(packet, kPayloadFeedback, kFir)) {
    for (std::size_t at = kFeedbackHead; at + 8 <= packet.body.size() && ssrcs.size() < 16; at += 8) {
      ssrcs.push_back(load32(packet.body.data() + at));
    }
  }
  return ssrcs;
}

std::optional<Remb> remb(const Packet& packet) {
  if (!is_feedback(packet, kPayloadFeedback, kRemb) || packet.body.size() < kFeedbackHead + 8)
    return std::nullopt;
  const ByteView fci = packet.body.subspan(kFeedbackHead);
  if (base::as_text(fci.first(4)) != kRembId) return std::nullopt;
  const std::uint32_t exponent = fci[5] >> 2U;
  const std::uint64_t mantissa = load_be(fci.data() + 5, 3) & 0x3FFFFU;
  if (exponent > 40) return std::nullopt;
  return Remb{mantissa << exponent};
}

void write_sender_report(std::vector<std::uint8_t>& out, std::uint32_t ssrc, const SenderInfo& info) {
  put16(out, 0x8000U | kSenderReport);
  put16(out, 6);
  put32(out, ssrc);
  put64(out, info.ntp);
  put32(out, info.rtp);
  put32(out, info.packets);
  put32(out, info.bytes);
}

void write_receiver_report(std::vector<std::uint8_t>& out, std::uint32_t ssrc,
                           std::span<const ReportBlock> blocks) {
  blocks = blocks.first(std::min<std::size_t>(blocks.size(), 31));
  put16(out, static_cast<std::uint16_t>(0x8000U | blocks.size() << 8U | kReceiverReport));
  put16(out, static_cast<std::uint16_t>(1 + blocks.size() * kBlock / 4));
  put32(out, ssrc);
  for (const auto& block : blocks) {
    put32(out, block.ssrc);
    put32(out,
          std::uint32_t{block.fraction_lost} << 24U | (static_cast<std::uint32_t>(block.lost) & 0xFFFFFFU));
    put32(out, block.highest_sequence);
    put32(out, block.jitter);
    put32(out, block.last_sr);
    put32(out, block.delay_since_last_sr);
  }
}

void write_sdes(std::vector<std::uint8_t>& out, std::span<const std::uint32_t> ssrcs,
                std::string_view cname) {
  cname = cname.substr(0, 255);
  const std::size_t item = 2 + cname.size();
  const std::size_t chunk = (4 + item + 1 + 3) / 4;  // words; at least one zero byte ends it
  put16(out, static_cast<std::uint16_t>(0x8000U | ssrcs.size() << 8U | kSdes));
  put16(out, static_cast<std::uint16_t>(ssrcs.size() * chunk));
  for (const auto ssrc : ssrcs) {
    put32(out, ssrc);
    out.push_back(1);  // CNAME
    out.push_back(static_cast<std::uint8_t>(cname.size()));
    out.insert(out.end(), cname.begin(), cname.end());
    out.insert(out.end(), chunk * 4 - 4 - item, 0);
  }
}

void write_bye(std::vector<std::uint8_t>& out, std::span<const std::uint32_t> ssrcs) {
  put16(out, static_cast<std::uint16_t>(0x8000U | ssrcs.size() << 8U | kBye));
  put16(out, static_cast<std::uint16_t>(ssrcs.size()));
  for (const auto ssrc : ssrcs) put32(out, ssrc);
}

void write_nack(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint32_t media,
                std::span<const std::uint16_t> sequences) {
  const std::size_t start = out.size();
  put16(out, 0x8000U | kNack << 8U | kTransportFeedback);
  put16(out, 0);
  put32(out, ssrc);
  put32(out, media);
  for (std::size_t i = 0; i < sequences.size();) {
    const std::uint16_t first = sequences[i++];
    std::uint16_t mask = 0;
    for (; i < sequences.size(); ++i) {
      const auto ahead = static_cast<std::uint16_t>(sequences[i] - first);
      if (ahead == 0 || ahead > 16) break;
      mask = static_cast<std::uint16_t>(mask | 1U << (ahead - 1U));
    }
    put16(out, first);
    put16(out, mask);
  }
  store16(out.data() + start + 2, static_cast<std::uint16_t>((out.size() - start) / 4 - 1));
}

void write_pli(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint32_t media) {
  put16(out, 0x8000U | kPli << 8U | kPayloadFeedback);
  put16(out, 2);
  put32(out, ssrc);
  put32(out, media);
}

void write_remb(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint64_t bits_per_second,
                std::span<const std::uint32_t> media) {
  std::uint32_t exponent = 0;
  while (bits_per_second >> exponent > 0x3FFFFU) ++exponent;
  put16(out, 0x8000U | kRemb << 8U | kPayloadFeedback);
  put16(out, static_cast<std::uint16_t>(4 + media.size()));
  put32(out, ssrc);
  put32(out, 0);
  out.insert(out.end(), kRembId.begin(), kRembId.end());
  put32(out, static_cast<std::uint32_t>(media.size()) << 24U | exponent << 18U |
                 static_cast<std::uint32_t>(bits_per_second >> exponent));
  for (const auto one : media) put32(out, one);
}

std::uint64_t ntp_time(std::chrono::system_clock::time_point time) {
  constexpr std::uint64_t kFrom1900To1970 = 2'208'988'800U;
  constexpr std::uint64_t kNanos = 1'000'000'000U;
  const auto ns = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
  return (ns / kNanos + kFrom1900To1970) << 32U | ((ns % kNanos) << 32U) / kNanos;
}

}  // namespace tongke::relay::webrtc::rtcp
