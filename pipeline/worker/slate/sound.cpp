#include "pipeline/worker/slate/sound.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace tongke::pipeline::worker::slate {
namespace {

constexpr std::uint64_t kRoundSeconds = 8;

struct Note {
  double begin;
  double pitch;
};
constexpr std::array<Note, 2> kNotes{{{1.0, 523.25}, {1.5, 392.0}}};
constexpr double kLoudness = 0.08;
constexpr double kSwell = 0.02;
constexpr double kDecay = 0.45;

double sound_at(double time) {
  double sum = 0;
  for (const Note& note : kNotes) {
    const double age = time - note.begin;
    if (age < 0) continue;
    const double loudness = kLoudness * std::min(1.0, age / kSwell) * std::exp(-age / kDecay);
    sum += loudness * std::sin(2 * std::numbers::pi * note.pitch * age);
  }
  return sum;
}

// @source ITU-T G.711 section 3
std::uint8_t mu_law(double sample) {
  constexpr int kBias = 132;
  const int level = std::min(std::abs(static_cast<int>(sample * 32'767)) + kBias, 32'767);
  int exponent = 7;
  while (exponent > 0 && (level >> (exponent + 7)) == 0) --exponent;
  const int mantissa = (level >> (exponent + 3)) & 0x0f;
  return static_cast<std::uint8_t>(~((sample < 0 ? 0x80 : 0) | exponent << 4 | mantissa));
}

}  // namespace

std::vector<std::uint8_t> Sound::next(std::size_t samples) {
  std::vector<std::uint8_t> made(samples);
  for (std::uint8_t& sample : made) {
    sample = mu_law(sound_at(static_cast<double>(position_) / rate_));
    position_ = (position_ + 1) % (kRoundSeconds * rate_);
  }
  return made;
}

}  // namespace tongke::pipeline::worker::slate
