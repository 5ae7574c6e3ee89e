#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

/// RTP packets as bytes; pure.
/// @source RFC 3550 section 5.1, RFC 8285 (header extensions), RFC 4588 (RTX)
namespace tongke::relay::webrtc::rtp {

inline constexpr std::size_t kFixedHeader = 12;

/// A view of one packet, valid as long as its bytes.
struct Packet {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::uint16_t extension_profile = 0;  ///< 0xBEDE one-byte, 0x100X two-byte
  base::ByteView extensions;            ///< without the four bytes in front
  base::ByteView payload;               ///< without padding
  std::uint8_t padding = 0;
};

/// Where the payload begins; 0 when `packet` is too short or not RTP version 2. All that an
/// encrypted packet tells.
[[nodiscard]] std::size_t header_size(base::ByteView packet);

/// nullopt for what is not RTP version 2 or points outside of itself.
[[nodiscard]] std::optional<Packet> parse(base::ByteView packet);

/// Data of the extension with that id, of either form; nullopt when it is not there.
[[nodiscard]] std::optional<base::ByteView> find_extension(const Packet& packet, std::uint8_t id);

/// Writes a one-byte-form extension block: add elements, then take bytes().
class ExtensionWriter {
 public:
  /// @param id    1 to 14
  /// @param data  1 to 16 bytes
  /// @return offset of the data within bytes(), for patching it packet by packet
  std::size_t add(std::uint8_t id, base::ByteView data);
  /// With the four-byte header, padded; empty when nothing was added.
  [[nodiscard]] std::vector<std::uint8_t> bytes() const;

 private:
  std::vector<std::uint8_t> elements_;
};

/// The fixed header, X set when `extended`.
void write_header(std::uint8_t* out, std::uint8_t payload_type, bool marker, std::uint16_t sequence,
                  std::uint32_t timestamp, std::uint32_t ssrc, bool extended, bool padded);

/// Whether `a` comes after `b` on the circle of sequence numbers.
[[nodiscard]] constexpr bool newer(std::uint16_t a, std::uint16_t b) noexcept {
  return a != b && static_cast<std::uint16_t>(a - b) < 0x8000U;
}

/// Continues 16-bit numbers into ones that do not wrap.
class Unwrapper {
 public:
  std::int64_t unwrap(std::uint16_t number) noexcept {
    if (!started_) {
      started_ = true;
      last_ = number;
    } else {
      last_ += static_cast<std::int16_t>(number - static_cast<std::uint16_t>(last_));
    }
    return last_;
  }

 private:
  std::int64_t last_ = 0;
  bool started_ = false;
};

/// Takes one packet from bytes framed by 16-bit lengths, and moves on.
/// @return nullopt at the end, or when the last length points outside
/// @source RFC 4571 section 2
[[nodiscard]] std::optional<base::ByteView> next_framed(base::ByteView& rest);

}  // namespace tongke::relay::webrtc::rtp
