#include <cstdlib>

#include "pipeline/worker/rtp/framing.hpp"
#include "pipeline/worker/rtp/h264_packetizer.hpp"

using namespace tongke;
using namespace tongke::pipeline::worker;

// Whatever calls itself a picture makes payloads that fit, or none; so does what calls itself its parameters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const base::ByteView all(data + 2, size - 2);
  const std::size_t cut = std::min<std::size_t>(data[0], all.size());
  const rtp::H264Packetizer packetizer(all.first(cut));
  const auto framed = packetizer.packetize(all.subspan(cut), (data[1] & 1U) != 0);
  rtp::Deframer payloads(framed);
  while (const auto payload = payloads.next()) {
    if (payload->empty() || payload->size() > rtp::kMaxPayloadBytes) std::abort();
  }
  if (!payloads.whole()) std::abort();
  return 0;
}
