#include "relay/webrtc/stun.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include <algorithm>

#include "relay/webrtc/big_endian.hpp"

namespace tongke::relay::webrtc::stun {
namespace {

using base::ByteView;

constexpr std::size_t kHeader = 20;
constexpr std::uint32_t kCookie = 0x2112A442;
constexpr std::uint32_t kFingerprintXor = 0x5354554E;
constexpr std::size_t kHmac = 20;

enum Attribute : std::uint16_t {
  kUsername = 0x0006,
  kIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000A,
  kXorMapped = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kFingerprint = 0x8028,
  kControlled = 0x8029,
  kControlling = 0x802A,
};
/// Attributes below it must be understood.
constexpr std::uint16_t kOptional = 0x8000;

constexpr std::uint8_t kFamily4 = 1;
constexpr std::uint8_t kFamily6 = 2;

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

std::uint32_t fingerprint_of(ByteView bytes) {
  return static_cast<std::uint32_t>(crc32(0, bytes.data(), static_cast<uInt>(bytes.size()))) ^
         kFingerprintXor;
}

/// HMAC over `packet` up to `end`, with the length field counting up to behind the attribute.
std::array<std::uint8_t, kHmac> hmac(ByteView packet, std::size_t end, std::string_view password) {
  std::array<std::uint8_t, kHmac> mac{};
  std::vector<std::uint8_t> covered(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(end));
  store16(covered.data() + 2, static_cast<std::uint16_t>(end + 4 + kHmac - kHeader));
  unsigned size = mac.size();
  HMAC(EVP_sha1(), password.data(), static_cast<int>(password.size()), covered.data(), covered.size(),
       mac.data(), &size);
  return mac;
}

/// The address bytes XOR cookie and transaction: its own inverse.
void mask_address(std::uint8_t* address, std::size_t size, const Transaction& transaction) {
  std::array<std::uint8_t, 16> mask{};
  store32(mask.data(), kCookie);
  std::ranges::copy(transaction, mask.begin() + 4);
  for (std::size_t i = 0; i < size; ++i) address[i] = static_cast<std::uint8_t>(address[i] ^ mask[i]);
}

std::optional<Endpoint> read_mapped(ByteView value, const Transaction& transaction) {
  if (value.size() < 4) return std::nullopt;
  const std::size_t size = value[1] == kFamily4 ? 4 : value[1] == kFamily6 ? 16 : 0;
  if (size == 0 || value.size() != 4 + size) return std::nullopt;
  std::array<std::uint8_t, 16> address{};
  std::ranges::copy(value.subspan(4), address.begin());
  mask_address(address.data(), size, transaction);
  return Endpoint::from(ByteView(address).first(size),
                        static_cast<std::uint16_t>(load16(value.data() + 2) ^ (kCookie >> 16U)));
}

/// @return false: the attribute is malformed
bool read_attribute(Message& message, std::uint16_t type, ByteView value) {
  switch (type) {
    case kUsername:
      message.username = base::as_text(value);
      return value.size() <= 513;
    case kPriority:
      if (value.size() != 4) return false;
      message.priority = load32(value.data());
      return true;
    case kUseCandidate:
      message.use_candidate = true;
      return value.empty();
    case kControlling:
    case kControlled:
      if (value.size() != 8) return false;
      (type == kControlling ? message.controlling : message.controlled) = load_be(value.data(), 8);
      return true;
    case kXorMapped:
      message.mapped = read_mapped(value, message.transaction);
      return message.mapped.has_value();
    case kErrorCode:
      if (value.size() < 4) return false;
      message.error = static_cast<std::uint16_t>((value[2] & 7U) * 100U + value[3] % 100U);
      return true;
    case kUnknownAttributes:
      return true;
    default:
      if (type < kOptional && message.unknown == 0) message.unknown = type;
      return true;
  }
}

}  // namespace

std::optional<Message> parse(ByteView packet) {
  if (packet.size() < kHeader || packet.size() > kMaxBytes || packet.size() % 4 != 0) return std::nullopt;
  if ((packet[0] & 0xC0U) != 0 || load32(packet.data() + 4) != kCookie) return std::nullopt;
  if (load16(packet.data() + 2) != packet.size() - kHeader) return std::nullopt;
  Message message;
  message.type = load16(packet.data());
  std::copy_n(packet.begin() + 8, message.transaction.size(), message.transaction.begin());
  std::size_t at = kHeader;
  while (at < packet.size()) {
    // The size is a multiple of four, so four bytes are there.
    const std::uint16_t type = load16(packet.data() + at);
    const std::size_t size = load16(packet.data() + at + 2);
    if (at + 4 + padded(size) > packet.size()) return std::nullopt;
    const ByteView value = packet.subspan(at + 4, size);
    if (type == kFingerprint) {
      const bool last = at + 4 + size == packet.size();
      if (!last || size != 4 || load32(value.data()) != fingerprint_of(packet.first(at))) return std::nullopt;
      message.fingerprint = true;
    } else if (message.integrity_at == 0) {
      if (type == kIntegrity) {
        if (size != kHmac) return std::nullopt;
        message.integrity_at = at;
      } else if (!read_attribute(message, type, value)) {
        return std::nullopt;
      }
    }
    at += 4 + padded(size);
  }
  return message;
}

bool check_integrity(ByteView packet, const Message& message, std::string_view password) {
  if (message.integrity_at == 0 || message.integrity_at + 4 + kHmac > packet.size()) return false;
  const auto expected = hmac(packet, message.integrity_at, password);
  return CRYPTO_memcmp(expected.data(), packet.data() + message.integrity_at + 4, kHmac) == 0;
}

Writer::Writer(std::uint16_t type, const Transaction& transaction) {
  bytes_.reserve(128);
  put16(bytes_, type);
  put16(bytes_, 0);
  put32(bytes_, kCookie);
  bytes_.insert(bytes_.end(), transaction.begin(), transaction.end());
}

std::uint8_t* Writer::add(std::uint16_t type, std::size_t size) {
  put16(bytes_, type);
  put16(bytes_, static_cast<std::uint16_t>(size));
  const std::size_t at = bytes_.size();
  bytes_.resize(at + padded(size));
  return bytes_.data() + at;
}

void Writer::set_length(std::size_t extra) {
  store16(bytes_.data() + 2, static_cast<std::uint16_t>(bytes_.size() - kHeader + extra));
}

Writer& Writer::username(std::string_view name) {
  std::ranges::copy(name, add(kUsername, name.size()));
  return *this;
}

Writer& Writer::priority(std::uint32_t value) {
  store32(add(kPriority, 4), value);
  return *this;
}

Writer& Writer::use_candidate() {
  add(kUseCandidate, 0);
  return *this;
}

Writer& Writer::controlling(std::uint64_t tie_breaker) {
  auto* value = add(kControlling, 8);
  store32(value, static_cast<std::uint32_t>(tie_breaker >> 32U));
  store32(value + 4, static_cast<std::uint32_t>(tie_breaker));
  return *this;
}

Writer& Writer::controlled(std::uint64_t tie_breaker) {
  auto* value = add(kControlled, 8);
  store32(value, static_cast<std::uint32_t>(tie_breaker >> 32U));
  store32(value + 4, static_cast<std::uint32_t>(tie_breaker));
  return *this;
}

Writer& Writer::mapped(const Endpoint& endpoint) {
  Transaction transaction{};
  std::copy_n(bytes_.begin() + 8, transaction.size(), transaction.begin());
  const auto address = endpoint.address();
  auto* value = add(kXorMapped, 4 + address.size());
  value[1] = endpoint.is_v4() ? kFamily4 : kFamily6;
  store16(value + 2, static_cast<std::uint16_t>(endpoint.port ^ (kCookie >> 16U)));
  std::ranges::copy(address, value + 4);
  mask_address(value + 4, address.size(), transaction);
  return *this;
}

Writer& Writer::error(std::uint16_t code, std::string_view reason) {
  auto* value = add(kErrorCode, 4 + reason.size());
  value[2] = static_cast<std::uint8_t>(code / 100);
  value[3] = static_cast<std::uint8_t>(code % 100);
  std::ranges::copy(reason, value + 4);
  return *this;
}

Writer& Writer::unknown(std::uint16_t attribute) {
  store16(add(kUnknownAttributes, 2), attribute);
  return *this;
}

std::vector<std::uint8_t> Writer::finish(std::string_view password) {
  if (!password.empty()) {
    const auto mac = hmac(bytes_, bytes_.size(), password);
    std::ranges::copy(mac, add(kIntegrity, kHmac));
  }
  set_length(8);
  const std::uint32_t fingerprint = fingerprint_of(bytes_);
  store32(add(kFingerprint, 4), fingerprint);
  return std::move(bytes_);
}

}  // namespace tongke::relay::webrtc::stun
