#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "relay/webrtc/endpoint.hpp"

/// STUN as ICE uses it; pure but for the HMAC.
/// @source RFC 8489 (STUN), RFC 8445 section 16 (ICE attributes)
namespace tongke::relay::webrtc::stun {

inline constexpr std::uint16_t kBindingRequest = 0x0001;
inline constexpr std::uint16_t kBindingIndication = 0x0011;
inline constexpr std::uint16_t kBindingSuccess = 0x0101;
inline constexpr std::uint16_t kBindingError = 0x0111;

/// A check of ours or a browser's is about 100 bytes; what is longer is none.
inline constexpr std::size_t kMaxBytes = 1200;

using Transaction = std::array<std::uint8_t, 12>;

/// Views into the packet it was parsed from.
struct Message {
  std::uint16_t type = 0;
  Transaction transaction{};
  std::string_view username;  ///< "receiver:sender" in a check
  std::optional<std::uint32_t> priority;
  bool use_candidate = false;
  std::optional<std::uint64_t> controlling;  ///< tie-breaker
  std::optional<std::uint64_t> controlled;   ///< tie-breaker
  std::optional<Endpoint> mapped;            ///< XOR-MAPPED-ADDRESS
  std::uint16_t error = 0;                   ///< 100 × class + number; 0 = none
  /// First attribute that must be understood and is not; 0 = none.
  std::uint16_t unknown = 0;
  bool fingerprint = false;  ///< there is one; a wrong one makes no Message
  /// Where MESSAGE-INTEGRITY begins; 0 = there is none.
  std::size_t integrity_at = 0;
};

/// nullopt for what is not one whole, well-formed STUN message. Attributes behind
/// MESSAGE-INTEGRITY are ignored, FINGERPRINT excepted.
[[nodiscard]] std::optional<Message> parse(base::ByteView packet);

/// Whether MESSAGE-INTEGRITY was made with `password`. Constant-time in the comparison.
[[nodiscard]] bool check_integrity(base::ByteView packet, const Message& message, std::string_view password);

/// Writes one message. Add attributes, then finish().
class Writer {
 public:
  Writer(std::uint16_t type, const Transaction& transaction);

  Writer& username(std::string_view name);
  Writer& priority(std::uint32_t value);
  Writer& use_candidate();
  Writer& controlling(std::uint64_t tie_breaker);
  Writer& controlled(std::uint64_t tie_breaker);
  Writer& mapped(const Endpoint& endpoint);
  Writer& error(std::uint16_t code, std::string_view reason);
  /// UNKNOWN-ATTRIBUTES, for a 420.
  Writer& unknown(std::uint16_t attribute);

  /// Adds MESSAGE-INTEGRITY (unless `password` is empty) and FINGERPRINT.
  [[nodiscard]] std::vector<std::uint8_t> finish(std::string_view password);

 private:
  std::uint8_t* add(std::uint16_t type, std::size_t size);
  void set_length(std::size_t extra);

  std::vector<std::uint8_t> bytes_;
};

}  // namespace tongke::relay::webrtc::stun
