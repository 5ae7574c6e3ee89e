#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"

/// The smallest fragmented MP4 that has right times: one track, 90 kHz, samples of equal
/// length, arbitrary payload.
namespace tongke::test {

namespace tiny_mp4 {

inline std::string number(std::uint64_t value, int size) {
  std::string text;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
    text += static_cast<char>(value >> static_cast<unsigned>(shift));
  return text;
}

inline std::string box(std::string_view type, const std::string& payload) {
  return number(payload.size() + 8, 4) + std::string(type) + payload;
}

inline base::SharedBytes bytes(const std::string& text) {
  return base::SharedBytes({text.begin(), text.end()});
}

}  // namespace tiny_mp4

inline constexpr std::uint32_t kTinyTimescale = 90'000;

inline base::SharedBytes tiny_init() {
  using namespace tiny_mp4;
  const std::string tkhd = box("tkhd", number(0, 4) + number(0, 8) + number(1, 4) + std::string(68, '\0'));
  const std::string mdhd =
      box("mdhd", number(0, 4) + number(0, 8) + number(kTinyTimescale, 4) + std::string(8, '\0'));
  const std::string trex = box("trex", number(0, 4) + number(1, 4) + number(1, 4) + std::string(12, '\0'));
  return bytes(box("ftyp", "iso6") + box("moov", box("trak", tkhd + box("mdia", mdhd)) + box("mvex", trex)));
}

inline base::SharedBytes tiny_fragment(base::MediaTime start, base::MediaTime duration,
                                       std::size_t payload = 64) {
  using namespace tiny_mp4;
  const auto ticks = [](base::MediaTime t) { return static_cast<std::uint64_t>(t.count()) * 9 / 100; };
  const std::string tfhd = box("tfhd", number(0x020000, 4) + number(1, 4));
  const std::string tfdt = box("tfdt", number(0x01000000, 4) + number(ticks(start), 8));
  const std::string trun = box("trun", number(0x100, 4) + number(1, 4) + number(ticks(duration), 4));
  return bytes(box("moof", box("traf", tfhd + tfdt + trun)) + box("mdat", std::string(payload, 'x')));
}

}  // namespace tongke::test
