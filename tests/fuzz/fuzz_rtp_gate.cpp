#include <cstdlib>

#include "pipeline/worker/rtp/framing.hpp"
#include "pipeline/worker/rtp/opus_packet.hpp"
#include "pipeline/worker/rtp/packet_gate.hpp"

using namespace tongke;
using namespace tongke::pipeline::worker;

// What a publisher sends is cut into packets that lie within it, and each is judged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView input(data, size);
  rtp::PacketGate gate;
  gate.allow(96);
  gate.allow(111);
  rtp::Deframer packets(input);
  while (const auto packet = packets.next()) {
    if (packet->data() < data || packet->data() + packet->size() > data + size) std::abort();
    if (gate.admit(*packet) == rtp::PacketGate::Kind::rtp && packet->size() < 12) std::abort();
    (void)rtp::opus_duration(*packet);
  }
  return 0;
}
