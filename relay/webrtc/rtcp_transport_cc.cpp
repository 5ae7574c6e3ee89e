#include <algorithm>

#include "relay/webrtc/big_endian.hpp"
#include "relay/webrtc/rtcp.hpp"

namespace tongke::relay::webrtc::rtcp {
namespace {

using base::ByteView;
using std::chrono::microseconds;

constexpr std::size_t kHead = 16;  // SSRCs, base, count, reference time, feedback number
constexpr microseconds kReferenceUnit{64'000};
constexpr microseconds kDeltaUnit{250};
/// More in one feedback is no browser's; bounds the work an unfriendly one can ask for.
constexpr std::size_t kMaxStatuses = 4096;

enum Symbol : std::uint8_t { kLost = 0, kSmallDelta = 1, kLargeDelta = 2 };

/// Unpacks status chunks from `rest`; false when they end too early.
bool read_statuses(ByteView& rest, std::size_t count, std::vector<std::uint8_t>& statuses) {
  statuses.reserve(count);
  while (statuses.size() < count) {
    if (rest.size() < 2) return false;
    const std::uint16_t chunk = load16(rest.data());
    rest = rest.subspan(2);
    const std::size_t left = count - statuses.size();
    if ((chunk & 0x8000U) == 0) {
      const auto symbol = static_cast<std::uint8_t>(chunk >> 13U & 3U);
      statuses.insert(statuses.end(), std::min<std::size_t>(left, chunk & 0x1FFFU), symbol);
      if ((chunk & 0x1FFFU) == 0) return false;
    } else if ((chunk & 0x4000U) == 0) {
      for (unsigned i = 0; i < std::min<std::size_t>(left, 14); ++i)
        statuses.push_back(static_cast<std::uint8_t>(chunk >> (13U - i) & 1U));
    } else {
      for (unsigned i = 0; i < std::min<std::size_t>(left, 7); ++i)
        statuses.push_back(static_cast<std::uint8_t>(chunk >> (12U - 2 * i) & 3U));
    }
  }
  return true;
}

}  // namespace

std::optional<TransportCc> transport_cc(const Packet& packet) {
  if (packet.type != kTransportFeedback || packet.count != kTransportCc || packet.body.size() < kHead)
    return std::nullopt;
  const std::uint16_t base = load16(packet.body.data() + 8);
  const std::size_t count = load16(packet.body.data() + 10);
  const auto reference =
      static_cast<std::int32_t>(static_cast<std::uint32_t>(load_be(packet.body.data() + 12, 3)) << 8U) >> 8;
  if (count == 0 || count > kMaxStatuses) return std::nullopt;
  TransportCc feedback;
  feedback.feedback_number = packet.body[15];
  ByteView rest = packet.body.subspan(kHead);
  std::vector<std::uint8_t> statuses;
  if (!read_statuses(rest, count, statuses)) return std::nullopt;
  microseconds at = kReferenceUnit * reference;
  feedback.arrivals.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    TransportCc::Arrival arrival{.sequence = static_cast<std::uint16_t>(base + i), .at = std::nullopt};
    const std::size_t size = statuses[i] == kSmallDelta ? 1 : statuses[i] == kLargeDelta ? 2 : 0;
    if (statuses[i] > kLargeDelta || rest.size() < size) return std::nullopt;
    if (size == 1) at += kDeltaUnit * rest[0];
    if (size == 2) at += kDeltaUnit * static_cast<std::int16_t>(load16(rest.data()));
    if (size > 0) arrival.at = at;
    rest = rest.subspan(size);
    feedback.arrivals.push_back(arrival);
  }
  return feedback;
}

void write_transport_cc(std::vector<std::uint8_t>& out, std::uint32_t ssrc, std::uint32_t media,
                        const TransportCc& feedback) {
  const auto& arrivals = feedback.arrivals;
  const auto first = std::ranges::find_if(arrivals, [](const auto& a) { return a.at.has_value(); });
  const auto reference = first == arrivals.end() ? 0 : *first->at / kReferenceUnit;
  const std::size_t start = out.size();
  put16(out, 0x8000U | kTransportCc << 8U | kTransportFeedback);
  put16(out, 0);
  put32(out, ssrc);
  put32(out, media);
  put16(out, arrivals.front().sequence);
  put16(out, static_cast<std::uint16_t>(arrivals.size()));
  put32(out, static_cast<std::uint32_t>(reference) << 8U | feedback.feedback_number);
  std::vector<std::uint8_t> deltas;
  microseconds at = kReferenceUnit * reference;
  for (std::size_t i = 0; i < arrivals.size(); i += 7) {
    std::uint16_t chunk = 0xC000U;
    for (std::size_t j = i; j < std::min(i + 7, arrivals.size()); ++j) {
      if (!arrivals[j].at) continue;
      const auto units = std::clamp<std::int64_t>((*arrivals[j].at - at) / kDeltaUnit, INT16_MIN, INT16_MAX);
      at += kDeltaUnit * units;
      const bool small = units >= 0 && units <= 0xFF;
      chunk = static_cast<std::uint16_t>(chunk | (small ? kSmallDelta : kLargeDelta) << (12U - 2 * (j - i)));
      if (small) {
        deltas.push_back(static_cast<std::uint8_t>(units));
      } else {
        put16(deltas, static_cast<std::uint16_t>(units));
      }
    }
    put16(out, chunk);
  }
  out.insert(out.end(), deltas.begin(), deltas.end());
  while ((out.size() - start) % 4 != 0) out.push_back(0);
  store16(out.data() + start + 2, static_cast<std::uint16_t>((out.size() - start) / 4 - 1));
}

}  // namespace tongke::relay::webrtc::rtcp
