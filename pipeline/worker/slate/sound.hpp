#pragma once

#include <cstdint>
#include <vector>

namespace tongke::pipeline::worker::slate {

/// Two soft notes every eight seconds, so that who only listens knows that the line is not
/// dead. Mono, as G.711 mu-law, which every decoder of sound takes.
class Sound {
 public:
  explicit Sound(std::uint32_t sample_rate) : rate_(sample_rate) {}

  /// The next samples.
  [[nodiscard]] std::vector<std::uint8_t> next(std::size_t samples);

 private:
  std::uint32_t rate_;
  std::uint64_t position_ = 0;
};

}  // namespace tongke::pipeline::worker::slate
