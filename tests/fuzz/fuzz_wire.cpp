#include <algorithm>
#include <cstdlib>

#include "pipeline/wire/codec.hpp"

using namespace tongke;

// Whatever arrives, in whatever pieces, decodes to the same messages or fails; what decodes encodes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t step = data[0] + std::size_t{1};
  const base::ByteView stream(data + 1, size - 1);
  pipeline::wire::Decoder decoder;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    if (!decoder.push(stream.subspan(at, std::min(step, stream.size() - at)))) return 0;
    while (auto message = decoder.next()) {
      const auto again = pipeline::wire::encode(*message);
      pipeline::wire::Decoder second;
      if (!second.push(again.head) || !second.push(again.tail.view()) || !second.next()) std::abort();
    }
  }
  return 0;
}
