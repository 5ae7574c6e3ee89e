#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"

namespace tongke::pipeline::wire {

/// Frame: u32 body length, u8 version, u8 message type, body. Integers little-endian,
/// strings u16-length-prefixed, media bytes last and unprefixed.
inline constexpr std::uint8_t kVersion = 4;
inline constexpr std::size_t kHeaderBytes = 6;
/// A two-second segment at 60 Mbit/s; more is a broken peer.
inline constexpr std::size_t kMaxBodyBytes = 16U << 20U;

/// A message as two pieces, so that media bytes are not copied before writev().
struct Encoded {
  std::vector<std::uint8_t> head;
  base::SharedBytes tail;

  [[nodiscard]] std::size_t size() const noexcept { return head.size() + tail.size(); }
};

[[nodiscard]] Encoded encode(const Message& message);

/// Cuts a byte stream into messages. After an error the stream is lost: close it.
class Decoder {
 public:
  /// @errors protocol: bad version, unknown type, body too long, short or with left-overs
  [[nodiscard]] base::Result<void> push(base::ByteView bytes);

  /// The next whole message, in order; nullopt when more bytes are needed.
  [[nodiscard]] std::optional<Message> next();

 private:
  std::array<std::uint8_t, kHeaderBytes> header_{};
  std::size_t header_filled_ = 0;
  std::vector<std::uint8_t> body_;
  std::size_t body_expected_ = 0;
  std::vector<Message> ready_;
  std::size_t taken_ = 0;

  base::Result<void> finish();
};

}  // namespace tongke::pipeline::wire
