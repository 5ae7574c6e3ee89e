#include "relay/webrtc/srtp_gcm.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "relay/webrtc/big_endian.hpp"

namespace tongke::relay::webrtc {
namespace {

using base::ByteView;
using base::Errc;
using base::Error;

constexpr std::size_t kKey = 16;
constexpr std::size_t kSalt = 12;
constexpr std::size_t kTag = 16;
constexpr std::size_t kRtcpHeader = 8;
constexpr std::uint32_t kEncrypted = 0x80000000U;

enum Label : std::uint8_t { kRtpKey = 0, kRtpSalt = 2, kRtcpKey = 3, kRtcpSalt = 5 };

/// RFC 3711 section 4.3.3: AES in counter mode over (label << 48 XOR salt) << 16.
bool derive(const SrtpMaster& master, Label label, std::span<std::uint8_t> out) {
  std::array<std::uint8_t, 16> iv{};
  std::ranges::copy(master.salt, iv.begin());
  iv[7] = static_cast<std::uint8_t>(iv[7] ^ label);
  const OpenSsl<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  std::array<std::uint8_t, 16> zeros{};
  int size = 0;
  return cipher &&
         EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ctr(), nullptr, master.key.data(), iv.data()) == 1 &&
         EVP_EncryptUpdate(cipher.get(), out.data(), &size, zeros.data(), static_cast<int>(out.size())) == 1;
}

/// A cipher context that keeps its key schedule, and the session salt.
class Half {
 public:
  bool open(const SrtpMaster& master, Label key_label, Label salt_label) {
    std::array<std::uint8_t, kKey> key{};
    cipher_.reset(EVP_CIPHER_CTX_new());
    const bool ok = cipher_ && derive(master, key_label, key) && derive(master, salt_label, salt_) &&
                    EVP_EncryptInit_ex(cipher_.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr) == 1;
    OPENSSL_cleanse(key.data(), key.size());
    return ok;
  }

  /// Begins a packet: `iv` before it is mixed with the salt.
  void begin(std::array<std::uint8_t, kSalt> iv) {
    for (std::size_t i = 0; i < kSalt; ++i) iv[i] = static_cast<std::uint8_t>(iv[i] ^ salt_[i]);
    EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, iv.data());
  }
  void authenticate(const std::uint8_t* bytes, std::size_t size) {
    int ignored = 0;
    EVP_EncryptUpdate(cipher_.get(), nullptr, &ignored, bytes, static_cast<int>(size));
  }
  std::uint8_t* encrypt(std::uint8_t* out, const std::uint8_t* bytes, std::size_t size) {
    int written = 0;
    if (size > 0) EVP_EncryptUpdate(cipher_.get(), out, &written, bytes, static_cast<int>(size));
    return out + written;
  }
  std::uint8_t* finish(std::uint8_t* out) {
    int written = 0;
    EVP_EncryptFinal_ex(cipher_.get(), out, &written);
    EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_AEAD_GET_TAG, kTag, out);
    return out + kTag;
  }

 private:
  OpenSsl<EVP_CIPHER_CTX> cipher_;
  std::array<std::uint8_t, kSalt> salt_{};
};

class GcmSender final : public SrtpSender {
 public:
  bool open(const SrtpMaster& master) {
    return rtp_.open(master, kRtpKey, kRtpSalt) && rtcp_.open(master, kRtcpKey, kRtcpSalt);
  }

  [[nodiscard]] std::size_t rtp_overhead() const noexcept override { return kTag; }

  std::size_t protect(std::uint8_t* out, std::size_t header, ByteView prefix, ByteView payload,
                      std::uint8_t padding, std::uint32_t rollover) override {
    // 00 00, SSRC, rollover counter, sequence number
    std::array<std::uint8_t, kSalt> iv{};
    std::copy_n(out + 8, 4, iv.begin() + 2);
    store32(iv.data() + 6, rollover);
    std::copy_n(out + 2, 2, iv.begin() + 10);
    rtp_.begin(iv);
    rtp_.authenticate(out, header);
    std::uint8_t* at = rtp_.encrypt(out + header, prefix.data(), prefix.size());
    at = rtp_.encrypt(at, payload.data(), payload.size());
    if (padding > 0) {
      std::array<std::uint8_t, 256> pad{};
      pad[padding - 1U] = padding;
      at = rtp_.encrypt(at, pad.data(), padding);
    }
    return static_cast<std::size_t>(rtp_.finish(at) - out);
  }

  bool protect_rtcp(std::vector<std::uint8_t>& packet) override {
    if (packet.size() < kRtcpHeader || index_ >= kEncrypted - 1) return false;
    const std::size_t size = packet.size();
    ++index_;
    packet.resize(size + kTag + 4);
    std::uint8_t* trailer = packet.data() + size + kTag;
    store32(trailer, kEncrypted | index_);
    // 00 00, SSRC, 00 00, index
    std::array<std::uint8_t, kSalt> iv{};
    std::copy_n(packet.data() + 4, 4, iv.begin() + 2);
    store32(iv.data() + 8, index_);
    rtcp_.begin(iv);
    rtcp_.authenticate(packet.data(), kRtcpHeader);
    rtcp_.authenticate(trailer, 4);
    std::uint8_t* body = packet.data() + kRtcpHeader;
    rtcp_.finish(rtcp_.encrypt(body, body, size - kRtcpHeader));
    return true;
  }

 private:
  Half rtp_;
  Half rtcp_;
  std::uint32_t index_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<SrtpSender>> make_gcm_sender(const SrtpMaster& master) {
  if (master.key.size() != kKey || master.salt.size() != kSalt)
    return Error{Errc::internal, "SRTP key of a wrong length"};
  auto sender = std::make_unique<GcmSender>();
  if (!sender->open(master)) return Error{Errc::internal, "AES-GCM is not there"};
  return std::unique_ptr<SrtpSender>(std::move(sender));
}

}  // namespace tongke::relay::webrtc
