#include <cstdlib>

#include "relay/webrtc/demux.hpp"
#include "relay/webrtc/stun.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;

// Anything that parses points into itself, and nobody without the password passes for a peer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView packet(data, size);
  const auto kind = classify(packet);
  const auto message = stun::parse(packet);
  if (!message) return 0;
  if (kind != PacketKind::stun && size >= 2 && data[0] <= 3) std::abort();
  if (message->integrity_at >= size) std::abort();
  if (stun::check_integrity(packet, *message, "a password the fuzzer does not know")) std::abort();
  if (!message->username.empty() && (reinterpret_cast<const std::uint8_t*>(message->username.data()) < data ||
                                     message->username.size() > size)) {
    std::abort();
  }
  return 0;
}
