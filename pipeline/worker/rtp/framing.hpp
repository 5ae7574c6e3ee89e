#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"

/// Packets one after another, each preceded by its length in 16 bits, big-endian: how RTP,
/// RTCP and payloads travel over the wire to and from the relay.  @source RFC 4571 section 2
namespace tongke::pipeline::worker::rtp {

inline void put_length(std::vector<std::uint8_t>& out, std::size_t size) {
  out.push_back(static_cast<std::uint8_t>(size >> 8U));
  out.push_back(static_cast<std::uint8_t>(size));
}

/// Walks over framed packets. Pure.
class Deframer {
 public:
  explicit Deframer(base::ByteView framed) : rest_(framed) {}

  /// The next packet, possibly empty; nullopt at the end or where the framing is broken.
  [[nodiscard]] std::optional<base::ByteView> next() {
    if (rest_.size() < 2) return std::nullopt;
    const std::size_t size = static_cast<std::size_t>(rest_[0]) << 8U | rest_[1];
    if (size > rest_.size() - 2) return std::nullopt;
    const base::ByteView packet = rest_.subspan(2, size);
    rest_ = rest_.subspan(2 + size);
    return packet;
  }

  /// Whether next() ended because the bytes did, and not inside a packet.
  [[nodiscard]] bool whole() const noexcept { return rest_.empty(); }

 private:
  base::ByteView rest_;
};

}  // namespace tongke::pipeline::worker::rtp
