#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tongke::relay::ingest::rtmp {

/// The server's side of the opening exchange: C0 C1 → S0 S1 S2, then C2. A client that
/// signed C1 (the "complex" handshake of Flash, OBS and some encoders) gets a signed answer
/// in its own scheme; any other gets the plain one.
/// @source RTMP 1.0 section 5.2; the signed form is Adobe's, documented by implementations
class Handshake {
 public:
  static constexpr std::size_t kPacketSize = 1536;

  /// Eats bytes of the handshake from the front of `input` and appends what is to be sent
  /// to `output`. Bytes after C2 stay in `input`.
  /// @errors protocol: not RTMP, or the encrypted RTMPE
  [[nodiscard]] base::Result<void> receive(base::ByteView& input, std::vector<std::uint8_t>& output);

  [[nodiscard]] bool done() const noexcept { return step_ == Step::done; }

 private:
  enum class Step { c0_c1, c2, done };

  Step step_ = Step::c0_c1;
  std::vector<std::uint8_t> collected_;
};

}  // namespace tongke::relay::ingest::rtmp
