#include <cstdlib>

#include "relay/record/boxes.hpp"

using namespace tongke;
using namespace tongke::relay::record;

// Whatever a media file holds, fragments lie one after the other inside it, and reading an
// init segment touches nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes(data, size);
  for (const std::size_t cut : {size, size / 2}) (void)read_init(bytes.first(cut));
  const InitFacts facts{.timescale = 90000, .sample_duration = 3000, .sample_flags = 0};
  std::uint64_t expected = 0;
  for (const auto& fragment : walk_fragments(read_from(bytes), 0, size, facts)) {
    if (fragment.offset != expected || fragment.size == 0 || fragment.end() > size) std::abort();
    expected = fragment.end();
  }
  // A file that turned out shorter than it was said to be.
  (void)walk_fragments(read_from(bytes.first(size / 2)), 0, size, facts);
  return 0;
}
