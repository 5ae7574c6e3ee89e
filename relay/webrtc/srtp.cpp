#include "relay/webrtc/srtp.hpp"

#include <srtp2/srtp.h>

#include <cstring>
#include <string>

#include "relay/webrtc/srtp_gcm.hpp"

namespace tongke::relay::webrtc {
namespace {

using base::ByteView;
using base::Errc;
using base::Error;
using base::Result;

/// Packets that may come out of order, or be sent again.
constexpr unsigned long kWindow = 1024;

bool library_ready() {
  static const bool ready = srtp_init() == srtp_err_status_ok;
  return ready;
}

Result<srtp_t> open_session(SrtpProfile profile, const SrtpMaster& master, srtp_ssrc_type_t direction) {
  if (!library_ready()) return Error{Errc::internal, "SRTP library does not start"};
  std::vector<std::uint8_t> key(master.key);
  key.insert(key.end(), master.salt.begin(), master.salt.end());
  srtp_policy_t policy{};
  if (profile == SrtpProfile::aead_aes_128_gcm) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
  }
  if (key.size() != static_cast<std::size_t>(policy.rtp.cipher_key_len))
    return Error{Errc::internal, "SRTP key of a wrong length"};
  policy.ssrc.type = direction;
  policy.key = key.data();
  policy.window_size = kWindow;
  policy.allow_repeat_tx = 1;
  srtp_t session = nullptr;
  const auto status = srtp_create(&session, &policy);
  OPENSSL_cleanse(key.data(), key.size());
  if (status != srtp_err_status_ok) return Error{Errc::internal, "SRTP status " + std::to_string(status)};
  return session;
}

/// AES-CM with HMAC-SHA1, for the few peers without GCM.
class LibSrtpSender final : public SrtpSender {
 public:
  explicit LibSrtpSender(srtp_t session) : session_(session) {}
  ~LibSrtpSender() override { srtp_dealloc(session_); }
  LibSrtpSender(const LibSrtpSender&) = delete;
  LibSrtpSender& operator=(const LibSrtpSender&) = delete;

  [[nodiscard]] std::size_t rtp_overhead() const noexcept override { return 10; }

  std::size_t protect(std::uint8_t* out, std::size_t header, ByteView prefix, ByteView payload,
                      std::uint8_t padding, std::uint32_t /*rollover*/) override {
    std::uint8_t* at = out + header;
    if (!prefix.empty()) std::memcpy(at, prefix.data(), prefix.size());
    at += prefix.size();
    if (!payload.empty()) std::memcpy(at, payload.data(), payload.size());
    at += payload.size();
    if (padding > 0) {
      std::memset(at, 0, padding);
      at[padding - 1] = padding;
      at += padding;
    }
    int size = static_cast<int>(at - out);
    if (srtp_protect(session_, out, &size) != srtp_err_status_ok) return 0;
    return static_cast<std::size_t>(size);
  }

  bool protect_rtcp(std::vector<std::uint8_t>& packet) override {
    int size = static_cast<int>(packet.size());
    packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 4);
    const bool ok = srtp_protect_rtcp(session_, packet.data(), &size) == srtp_err_status_ok;
    packet.resize(ok ? static_cast<std::size_t>(size) : 0);
    return ok;
  }

 private:
  srtp_t session_;
};

std::optional<ByteView> opened(srtp_err_status_t status, std::span<std::uint8_t> packet, int size) {
  if (status != srtp_err_status_ok || size < 0) return std::nullopt;
  return ByteView(packet).first(static_cast<std::size_t>(size));
}

}  // namespace

Result<std::unique_ptr<SrtpSender>> SrtpSender::create(SrtpProfile profile, const SrtpMaster& master) {
  if (profile == SrtpProfile::aead_aes_128_gcm) return make_gcm_sender(master);
  auto session = open_session(profile, master, ssrc_any_outbound);
  if (!session) return std::move(session).error();
  return std::unique_ptr<SrtpSender>(std::make_unique<LibSrtpSender>(*session));
}

Result<std::unique_ptr<SrtpReceiver>> SrtpReceiver::create(SrtpProfile profile, const SrtpMaster& master) {
  auto session = open_session(profile, master, ssrc_any_inbound);
  if (!session) return std::move(session).error();
  return std::unique_ptr<SrtpReceiver>(new SrtpReceiver(*session));
}

SrtpReceiver::~SrtpReceiver() { srtp_dealloc(session_); }

std::optional<ByteView> SrtpReceiver::unprotect(std::span<std::uint8_t> packet) {
  int size = static_cast<int>(packet.size());
  const auto status = srtp_unprotect(session_, packet.data(), &size);
  return opened(status, packet, size);
}

std::optional<ByteView> SrtpReceiver::unprotect_rtcp(std::span<std::uint8_t> packet) {
  int size = static_cast<int>(packet.size());
  const auto status = srtp_unprotect_rtcp(session_, packet.data(), &size);
  return opened(status, packet, size);
}

}  // namespace tongke::relay::webrtc
