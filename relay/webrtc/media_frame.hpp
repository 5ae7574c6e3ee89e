#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "pipeline/wire/messages.hpp"

namespace tongke::relay::webrtc {

/// One frame as every viewer gets it: payloads kept once, and how they go out. Immutable.
struct MediaFrame {
  /// Longest payload: with headers, extensions, RTX number and tag still inside any path's MTU.
  static constexpr std::size_t kMaxPayload = 1250;
  static constexpr std::size_t kMaxPackets = 2048;

  struct Packet {
    std::uint32_t at = 0;  ///< within bytes
    std::uint16_t size = 0;
    std::uint8_t padding = 0;  ///< RTP padding that makes it as long as its neighbours
  };
  /// Packets of one length that leave as one message; the last may be shorter.
  struct Batch {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
    std::uint16_t payload = 0;  ///< of each, padding included
    std::uint32_t bytes = 0;    ///< of all
  };

  base::SharedBytes bytes;
  pipeline::wire::TrackKind kind = pipeline::wire::TrackKind::video;
  std::uint8_t rendition = 0;  ///< index within the lesson
  std::uint32_t number = 0;    ///< counts a rendition's frames
  bool key = false;
  base::MediaTime pts{0};
  std::uint32_t rtp_time = 0;  ///< pts on the clock of its kind
  std::vector<Packet> packets;
  std::vector<Batch> batches;

  [[nodiscard]] base::ByteView payload(std::size_t packet) const noexcept {
    return bytes.view().subspan(packets[packet].at, packets[packet].size);
  }
  /// Null when the frame is not what the wire promises: no payload, one too long or too many.
  [[nodiscard]] static std::shared_ptr<const MediaFrame> make(const pipeline::wire::Frame& frame,
                                                              std::uint8_t rendition, std::uint32_t number,
                                                              std::uint32_t rtp_time);
};
using FramePtr = std::shared_ptr<const MediaFrame>;

inline constexpr std::uint32_t kVideoClock = 90'000;
inline constexpr std::uint32_t kAudioClock = 48'000;

/// A media time on an RTP clock.
[[nodiscard]] constexpr std::uint32_t rtp_time(base::MediaTime time, std::uint32_t clock) noexcept {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(time.count()) * (clock / 1000) / 1000);
}

}  // namespace tongke::relay::webrtc
