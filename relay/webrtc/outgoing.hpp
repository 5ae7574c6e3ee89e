#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "relay/webrtc/agreement.hpp"
#include "relay/webrtc/media_frame.hpp"
#include "relay/webrtc/port.hpp"
#include "relay/webrtc/srtp.hpp"

namespace tongke::relay::webrtc {

/// Transport-wide numbers of one viewer, and when each packet left.
class SendLog {
 public:
  struct Sent {
    std::uint16_t sequence = 0;
    std::uint16_t size = 0;
    std::uint32_t at_us = 0;  ///< wraps after 71 minutes
  };
  /// @return the packet's transport-wide number
  std::uint16_t note(std::size_t size, std::uint32_t at_us) {
    const std::uint16_t sequence = next_++;
    log_[sequence % kSize] = {sequence, static_cast<std::uint16_t>(size), at_us};
    return sequence;
  }
  [[nodiscard]] const Sent* find(std::uint16_t sequence) const noexcept {
    const auto& sent = log_[sequence % kSize];
    return sent.size != 0 && sent.sequence == sequence ? &sent : nullptr;
  }

 private:
  static constexpr std::size_t kSize = 1024;
  std::vector<Sent> log_ = std::vector<Sent>(kSize);
  std::uint16_t next_ = 0;
};

/// One RTP stream to one viewer: headers, numbers, and what may have to be sent again. Payloads
/// are shared with everybody; what is kept here of a packet is sixteen bytes.
/// @thread its worker's
class OutgoingStream {
 public:
  /// When a packet leaves, as its extensions say it.
  struct Moment {
    std::uint32_t abs_send_time = 0;  ///< 6.18 fixed point seconds
    std::uint32_t us = 0;
  };
  [[nodiscard]] static Moment moment();

  struct Kept {
    std::uint16_t sequence = 0;
    std::uint16_t packet = 0;
    std::uint32_t frame = 0;
    std::uint32_t abs_send_time = 0;
    std::uint16_t transport = 0;
    std::uint8_t rendition = 0;
    bool used = false;
  };

  /// @param log  the viewer's, null when transport-cc was not agreed
  OutgoingStream(const Track& track, std::uint32_t ssrc, std::uint8_t payload_type, SendLog* log,
                 std::size_t kept);

  /// Bytes in front of a payload.
  [[nodiscard]] std::size_t header_size() const noexcept { return header_.size(); }
  /// Writes the frame's packet at `out` and keeps what is needed to repeat it.
  /// @param extra  padding beside the frame's own; only for streams that keep nothing
  /// @return its size
  std::size_t write(std::uint8_t* out, SrtpSender& srtp, const MediaFrame& frame, std::size_t packet,
                    const Moment& moment, std::uint8_t extra = 0);
  /// The very same packet again, byte for byte.
  std::size_t repeat(std::uint8_t* out, SrtpSender& srtp, const MediaFrame& frame, const Kept& kept);
  /// A packet of another stream inside one of this one.  @source RFC 4588 section 4
  std::size_t wrap(std::uint8_t* out, SrtpSender& srtp, const MediaFrame& frame, const Kept& original,
                   const Moment& moment);
  /// A packet of nothing but padding.
  std::size_t pad(std::uint8_t* out, SrtpSender& srtp, std::uint8_t padding, std::uint32_t timestamp,
                  const Moment& moment);

  /// What is kept of that number; null when it was never sent or long ago.
  [[nodiscard]] const Kept* find(std::uint16_t sequence) const noexcept;
  /// What was sent last, newest first by `back`; null when there is no more.
  [[nodiscard]] const Kept* recent(std::size_t back) const noexcept;

  [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint32_t packets() const noexcept { return packets_; }
  [[nodiscard]] std::uint32_t octets() const noexcept { return octets_; }

 private:
  void write_header(std::uint8_t* out, bool marker, std::uint32_t sequence, std::uint32_t timestamp,
                    bool padded, std::uint32_t abs_send_time, std::uint16_t transport) const;
  void count(std::size_t payload) {
    ++packets_;
    octets_ += static_cast<std::uint32_t>(payload);
  }
  std::uint16_t transport_number(std::size_t size, const Moment& moment) {
    return log_ ? log_->note(size, moment.us) : std::uint16_t{0};
  }

  std::uint32_t ssrc_;
  std::uint8_t payload_type_;
  std::vector<std::uint8_t> header_;  ///< the fixed part and extensions, to be patched
  std::size_t abs_send_time_at_ = 0;  ///< within header_; 0 = not there
  std::size_t transport_at_ = 0;
  SendLog* log_;
  std::uint32_t next_;  ///< sequence number with its rollovers
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;
  std::vector<Kept> kept_;
};

}  // namespace tongke::relay::webrtc
