#include "relay/webrtc/rtp.hpp"

#include <algorithm>

#include "relay/webrtc/big_endian.hpp"

namespace tongke::relay::webrtc::rtp {
namespace {

using base::ByteView;

constexpr std::uint16_t kOneByte = 0xBEDE;
constexpr std::uint16_t kTwoByte = 0x1000;

}  // namespace

std::size_t header_size(ByteView packet) {
  if (packet.size() < kFixedHeader || packet[0] >> 6U != 2) return 0;
  std::size_t size = kFixedHeader + std::size_t{packet[0] & 0x0FU} * 4;
  if ((packet[0] & 0x10U) != 0) {
    if (packet.size() < size + 4) return 0;
    size += 4 + std::size_t{load16(packet.data() + size + 2)} * 4;
  }
  return packet.size() < size ? 0 : size;
}

std::optional<Packet> parse(ByteView packet) {
  const std::size_t header = header_size(packet);
  if (header == 0) return std::nullopt;
  Packet parsed;
  parsed.marker = (packet[1] & 0x80U) != 0;
  parsed.payload_type = packet[1] & 0x7FU;
  parsed.sequence = load16(packet.data() + 2);
  parsed.timestamp = load32(packet.data() + 4);
  parsed.ssrc = load32(packet.data() + 8);
  if ((packet[0] & 0x10U) != 0) {
    const std::size_t at = kFixedHeader + std::size_t{packet[0] & 0x0FU} * 4;
    parsed.extension_profile = load16(packet.data() + at);
    parsed.extensions = packet.subspan(at + 4, header - at - 4);
  }
  parsed.payload = packet.subspan(header);
  if ((packet[0] & 0x20U) != 0) {
    if (parsed.payload.empty()) return std::nullopt;
    parsed.padding = parsed.payload.back();
    if (parsed.padding == 0 || parsed.padding > parsed.payload.size()) return std::nullopt;
    parsed.payload = parsed.payload.first(parsed.payload.size() - parsed.padding);
  }
  return parsed;
}

std::optional<ByteView> find_extension(const Packet& packet, std::uint8_t id) {
  const bool one_byte = packet.extension_profile == kOneByte;
  if (!one_byte && (packet.extension_profile & 0xFFF0U) != kTwoByte) return std::nullopt;
  ByteView rest = packet.extensions;
  while (!rest.empty()) {
    if (rest[0] == 0) {
      rest = rest.subspan(1);
      continue;
    }
    const std::uint8_t found = one_byte ? rest[0] >> 4U : rest[0];
    const std::size_t head = one_byte ? 1 : 2;
    if (one_byte && found == 15) return std::nullopt;
    if (rest.size() < head) return std::nullopt;
    const std::size_t size = one_byte ? (rest[0] & 0x0FU) + 1U : rest[1];
    if (rest.size() < head + size) return std::nullopt;
    if (found == id) return rest.subspan(head, size);
    rest = rest.subspan(head + size);
  }
  return std::nullopt;
}

std::size_t ExtensionWriter::add(std::uint8_t id, ByteView data) {
  elements_.push_back(static_cast<std::uint8_t>(id << 4U | (data.size() - 1)));
  elements_.insert(elements_.end(), data.begin(), data.end());
  return 4 + elements_.size() - data.size();
}

std::vector<std::uint8_t> ExtensionWriter::bytes() const {
  std::vector<std::uint8_t> out;
  if (elements_.empty()) return out;
  const std::size_t words = (elements_.size() + 3) / 4;
  put16(out, kOneByte);
  put16(out, static_cast<std::uint16_t>(words));
  out.insert(out.end(), elements_.begin(), elements_.end());
  out.resize(4 + words * 4);
  return out;
}

void write_header(std::uint8_t* out, std::uint8_t payload_type, bool marker, std::uint16_t sequence,
                  std::uint32_t timestamp, std::uint32_t ssrc, bool extended, bool padded) {
  out[0] = static_cast<std::uint8_t>(0x80U | (padded ? 0x20U : 0U) | (extended ? 0x10U : 0U));
  out[1] = static_cast<std::uint8_t>((marker ? 0x80U : 0U) | payload_type);
  store16(out + 2, sequence);
  store32(out + 4, timestamp);
  store32(out + 8, ssrc);
}

std::optional<ByteView> next_framed(ByteView& rest) {
  if (rest.size() < 2) return std::nullopt;
  const std::size_t size = load16(rest.data());
  if (rest.size() < 2 + size) return std::nullopt;
  const ByteView packet = rest.subspan(2, size);
  rest = rest.subspan(2 + size);
  return packet;
}

}  // namespace tongke::relay::webrtc::rtp
