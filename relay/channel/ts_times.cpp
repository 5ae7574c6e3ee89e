#include "relay/channel/ts_times.hpp"

#include <span>

namespace tongke::relay::channel {
namespace {

constexpr std::size_t kPacket = 188;
constexpr std::uint8_t kSync = 0x47;
constexpr std::uint64_t kWrap = (std::uint64_t{1} << 33U) - 1;

using Bytes = std::span<std::uint8_t>;

/// 33 bits of the program clock's base, before its 9 bits of extension.
void move_pcr(Bytes pcr, std::uint64_t ticks) {
  const std::uint64_t base =
      ((std::uint64_t{pcr[0]} << 25U) | (std::uint64_t{pcr[1]} << 17U) | (std::uint64_t{pcr[2]} << 9U) |
       (std::uint64_t{pcr[3]} << 1U) | (pcr[4] >> 7U)) +
      ticks;
  const std::uint64_t moved = base & kWrap;
  pcr[0] = static_cast<std::uint8_t>(moved >> 25U);
  pcr[1] = static_cast<std::uint8_t>(moved >> 17U);
  pcr[2] = static_cast<std::uint8_t>(moved >> 9U);
  pcr[3] = static_cast<std::uint8_t>(moved >> 1U);
  pcr[4] = static_cast<std::uint8_t>((pcr[4] & 0x7fU) | ((moved & 1U) << 7U));
}

/// 33 bits in pieces of 3, 15 and 15, each followed by a marker.
void move_stamp(Bytes stamp, std::uint64_t ticks) {
  const std::uint64_t was = (std::uint64_t{stamp[0] & 0x0eU} << 29U) | (std::uint64_t{stamp[1]} << 22U) |
                            (std::uint64_t{stamp[2] & 0xfeU} << 14U) | (std::uint64_t{stamp[3]} << 7U) |
                            (stamp[4] >> 1U);
  const std::uint64_t moved = (was + ticks) & kWrap;
  stamp[0] = static_cast<std::uint8_t>((stamp[0] & 0xf1U) | ((moved >> 29U) & 0x0eU));
  stamp[1] = static_cast<std::uint8_t>(moved >> 22U);
  stamp[2] = static_cast<std::uint8_t>((stamp[2] & 0x01U) | ((moved >> 14U) & 0xfeU));
  stamp[3] = static_cast<std::uint8_t>(moved >> 7U);
  stamp[4] = static_cast<std::uint8_t>((stamp[4] & 0x01U) | ((moved << 1U) & 0xfeU));
}

/// What begins a PES packet of a picture or sound.
void move_pes(Bytes pes, std::uint64_t ticks) {
  if (pes.size() < 14 || pes[0] != 0 || pes[1] != 0 || pes[2] != 1) return;
  const std::uint8_t stream = pes[3];
  if (stream != 0xbd && (stream < 0xc0 || stream > 0xef)) return;
  const unsigned has = pes[7] >> 6U;
  if (has >= 2) move_stamp(pes.subspan(9, 5), ticks);
  if (has == 3 && pes.size() >= 19) move_stamp(pes.subspan(14, 5), ticks);
}

}  // namespace

base::Result<std::vector<std::uint8_t>> move_times(base::ByteView ts, std::uint64_t ticks) {
  if (ts.empty() || ts.size() % kPacket != 0) return base::Error{base::Errc::invalid, "not whole packets"};
  std::vector<std::uint8_t> moved(ts.begin(), ts.end());
  for (std::size_t at = 0; at < moved.size(); at += kPacket) {
    const Bytes packet(moved.data() + at, kPacket);
    if (packet[0] != kSync) return base::Error{base::Errc::invalid, "a packet without its sync byte"};
    const bool begins = (packet[1] & 0x40U) != 0;
    const bool adapts = (packet[3] & 0x20U) != 0;
    const bool carries = (packet[3] & 0x10U) != 0;
    const std::size_t field = adapts ? packet[4] : 0;
    if (adapts && field >= 7 && (packet[5] & 0x10U) != 0) move_pcr(packet.subspan(6, 6), ticks);
    const std::size_t payload = 4 + (adapts ? 1 + field : 0);
    if (begins && carries && payload < kPacket) move_pes(packet.subspan(payload), ticks);
  }
  return moved;
}

}  // namespace tongke::relay::channel
