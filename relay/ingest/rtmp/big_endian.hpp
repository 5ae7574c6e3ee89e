#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

/// RTMP, AMF0 and FLV write all integers big-endian, except for one field (a message
/// header's stream id).
namespace tongke::relay::ingest::rtmp {

/// The first `count` (≤ 4) bytes as a number. The caller has checked the size.
[[nodiscard]] inline std::uint32_t read_be(base::ByteView bytes, std::size_t count) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8U | bytes[i];
  return value;
}

/// Appends the low `count` (≤ 4) bytes of `value`.
inline void append_be(std::vector<std::uint8_t>& out, std::uint32_t value, std::size_t count) {
  for (std::size_t i = count; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline void append(std::vector<std::uint8_t>& out, base::ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace tongke::relay::ingest::rtmp
