#include "pipeline/worker/av/parameter_sets.hpp"

namespace tongke::pipeline::worker::av {

std::vector<std::vector<std::uint8_t>> parameter_sets(base::ByteView avcc) {
  constexpr std::size_t kFixed = 5;
  constexpr std::size_t kLength = 2;
  if (avcc.size() <= kFixed || avcc[0] != 1) return {};
  std::vector<std::vector<std::uint8_t>> sets;
  avcc = avcc.subspan(kFixed);
  for (const unsigned mask : {0x1fU, 0xffU}) {  // the number of SPS, then that of PPS
    if (avcc.empty()) return {};
    unsigned count = avcc[0] & mask;
    avcc = avcc.subspan(1);
    for (; count > 0; --count) {
      if (avcc.size() < kLength) return {};
      const std::size_t size = static_cast<std::size_t>(avcc[0]) << 8U | avcc[1];
      avcc = avcc.subspan(kLength);
      if (size == 0 || size > avcc.size()) return {};
      sets.emplace_back(avcc.begin(), avcc.begin() + static_cast<std::ptrdiff_t>(size));
      avcc = avcc.subspan(size);
    }
  }
  return sets;
}

std::vector<std::uint8_t> in_band(base::ByteView avcc) {
  std::vector<std::uint8_t> bytes;
  for (const auto& set : parameter_sets(avcc)) {
    bytes.insert(bytes.end(),
                 {0, 0, static_cast<std::uint8_t>(set.size() >> 8U), static_cast<std::uint8_t>(set.size())});
    bytes.insert(bytes.end(), set.begin(), set.end());
  }
  return bytes;
}

}  // namespace tongke::pipeline::worker::av
