#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "relay/webrtc/dtls.hpp"

struct srtp_ctx_t_;

/// SRTP both ways. Sending with GCM is the hot path of the relay and done by OpenSSL's cipher
/// with a kept context; everything else is libsrtp2's.
/// @source RFC 3711 (SRTP), RFC 7714 (AES-GCM)
namespace tongke::relay::webrtc {

/// Longest tag and index that protecting adds.
inline constexpr std::size_t kSrtpOverhead = 16 + 4;

/// Encrypts what goes to one peer.  @thread one
class SrtpSender {
 public:
  virtual ~SrtpSender() = default;

  /// @errors internal
  [[nodiscard]] static base::Result<std::unique_ptr<SrtpSender>> create(SrtpProfile profile,
                                                                        const SrtpMaster& master);

  /// Bytes added to an RTP packet.
  [[nodiscard]] virtual std::size_t rtp_overhead() const noexcept = 0;
  /// Completes the packet that `out` begins with `header` bytes of: appends `payload`, `padding`
  /// bytes of RTP padding and the tag. The same packet at the same index always gives the same
  /// bytes; another one at a used index must never be made.
  /// @param prefix    put in front of the payload (an RTX packet's original number)
  /// @param rollover  how often the stream's sequence number has wrapped
  /// @return size of all of it
  virtual std::size_t protect(std::uint8_t* out, std::size_t header, base::ByteView prefix,
                              base::ByteView payload, std::uint8_t padding, std::uint32_t rollover) = 0;
  /// Protects a whole RTCP compound in place; `packet` grows.
  virtual bool protect_rtcp(std::vector<std::uint8_t>& packet) = 0;
};

/// Decrypts what one peer sends; refuses what was replayed or tampered with.  @thread one
class SrtpReceiver {
 public:
  /// @errors internal
  [[nodiscard]] static base::Result<std::unique_ptr<SrtpReceiver>> create(SrtpProfile profile,
                                                                          const SrtpMaster& master);
  ~SrtpReceiver();
  SrtpReceiver(const SrtpReceiver&) = delete;
  SrtpReceiver& operator=(const SrtpReceiver&) = delete;

  /// Decrypts in place; nullopt when the packet is not the peer's.
  [[nodiscard]] std::optional<base::ByteView> unprotect(std::span<std::uint8_t> packet);
  [[nodiscard]] std::optional<base::ByteView> unprotect_rtcp(std::span<std::uint8_t> packet);

 private:
  explicit SrtpReceiver(srtp_ctx_t_* session) : session_(session) {}
  srtp_ctx_t_* session_;
};

}  // namespace tongke::relay::webrtc
