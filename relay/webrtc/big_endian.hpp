#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

/// Numbers in network byte order. Readers trust that the bytes are there: check the size first.
namespace tongke::relay::webrtc {

[[nodiscard]] inline std::uint64_t load_be(const std::uint8_t* at, std::size_t bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | at[i];
  return value;
}
[[nodiscard]] inline std::uint16_t load16(const std::uint8_t* at) noexcept {
  return static_cast<std::uint16_t>(at[0] << 8U | at[1]);
}
[[nodiscard]] inline std::uint32_t load32(const std::uint8_t* at) noexcept {
  return static_cast<std::uint32_t>(load_be(at, 4));
}

inline void store16(std::uint8_t* at, std::uint16_t value) noexcept {
  at[0] = static_cast<std::uint8_t>(value >> 8U);
  at[1] = static_cast<std::uint8_t>(value);
}
inline void store24(std::uint8_t* at, std::uint32_t value) noexcept {
  at[0] = static_cast<std::uint8_t>(value >> 16U);
  store16(at + 1, static_cast<std::uint16_t>(value));
}
inline void store32(std::uint8_t* at, std::uint32_t value) noexcept {
  store16(at, static_cast<std::uint16_t>(value >> 16U));
  store16(at + 2, static_cast<std::uint16_t>(value));
}

inline void put16(std::vector<std::uint8_t>& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value));
}
inline void put32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  put16(out, static_cast<std::uint16_t>(value >> 16U));
  put16(out, static_cast<std::uint16_t>(value));
}
inline void put64(std::vector<std::uint8_t>& out, std::uint64_t value) {
  put32(out, static_cast<std::uint32_t>(value >> 32U));
  put32(out, static_cast<std::uint32_t>(value));
}

}  // namespace tongke::relay::webrtc
