#include "pipeline/worker/demo/voice.hpp"

#include <cmath>
#include <numbers>

namespace tongke::pipeline::worker::demo {
namespace {

/// a, o, e, i, u, ü, ai-like: first three formants of a woman's voice, Hz.
constexpr std::array<std::array<double, 3>, 7> kVowels = {{{860, 1350, 2800},
                                                           {560, 900, 2700},
                                                           {540, 1250, 2650},
                                                           {320, 2700, 3250},
                                                           {370, 780, 2600},
                                                           {330, 2200, 2750},
                                                           {700, 1900, 2750}}};
constexpr std::array<double, 4> kBandwidths = {90, 110, 170, 260};
constexpr std::array<double, 4> kWeights = {1.0, 0.55, 0.28, 0.12};
/// Formants are tuned again this often: fast enough to glide, slow enough to be cheap.
constexpr int kControlSamples = 64;

}  // namespace

Voice::Voice(int sample_rate) : rate_(sample_rate) { hiss_.tune(5200, 2600, rate_); }

void Voice::Resonator::tune(double frequency, double bandwidth, double rate) {
  const double radius = std::exp(-std::numbers::pi * bandwidth / rate);
  a1 = 2 * radius * std::cos(2 * std::numbers::pi * frequency / rate);
  a2 = -radius * radius;
  b0 = (1 - radius) *
       std::sqrt(1 + radius * radius - 2 * radius * std::cos(4 * std::numbers::pi * frequency / rate));
}

double Voice::Resonator::filter(double x) {
  const double y = b0 * x + a1 * y1 + a2 * y2;
  y2 = y1;
  y1 = y;
  return y;
}

double Voice::random() {
  state_ = state_ * 1664525U + 1013904223U;
  return static_cast<double>(state_ >> 8U) / (1U << 24U);
}

void Voice::next_syllable() {
  syllable_time_ = 0;
  if (left_in_sentence_ == 0) {
    pause_ = !pause_;
    sentence_length_ = 5 + static_cast<int>(random() * 9);
    left_in_sentence_ = pause_ ? 1 : sentence_length_;
  }
  --left_in_sentence_;
  if (pause_) {
    syllable_length_ = 0.45 + random() * 0.8;
    return;
  }
  const bool last = left_in_sentence_ == 0;
  syllable_length_ = (last ? 0.28 : 0.16) + random() * 0.08;
  consonant_length_ = random() < 0.75 ? 0.03 + random() * 0.05 : 0;
  hissing_ = random() < 0.55;
  tone_ = 1 + static_cast<int>(random() * 4);
  const auto& vowel = kVowels[static_cast<std::size_t>(random() * kVowels.size())];
  goal_ = {vowel[0], vowel[1], vowel[2], 3900};
}

// The tone's contour over the syllable, on a sentence that sinks slowly.
double Voice::pitch() const {
  const double t = syllable_time_ / syllable_length_;
  const double sunk = 1.0 - 0.18 * (1.0 - static_cast<double>(left_in_sentence_) / sentence_length_);
  double tone = 0;
  switch (tone_) {
    case 1:
      tone = 0.22;
      break;
    case 2:
      tone = -0.12 + 0.34 * t;
      break;
    case 3:
      tone = -0.18 + 0.5 * (t - 0.5) * (t - 0.5);
      break;
    default:
      tone = 0.28 - 0.5 * t;
      break;
  }
  return 205 * sunk * (1 + tone);
}

void Voice::speak(std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (syllable_time_ >= syllable_length_) next_syllable();
    if (i % kControlSamples == 0) {
      for (std::size_t f = 0; f < formants_.size(); ++f) {
        now_[f] += (goal_[f] - now_[f]) * 0.055;
        formants_[f].tune(now_[f], kBandwidths[f], rate_);
      }
    }
    const bool consonant = !pause_ && syllable_time_ < consonant_length_;
    const double fade = std::min(1.0, (syllable_length_ - syllable_time_) / 0.05);
    const double loud = pause_ || consonant ? 0 : 0.9 * fade;
    const double hiss = consonant && hissing_ ? 0.25 : 0;
    loudness_ += (loud - loudness_) * 0.002;
    hiss_loudness_ += (hiss - hiss_loudness_) * 0.004;

    // A falling ramp that snaps back: the glottis closing.
    phase_ += pitch() * (1 + 0.012 * (random() - 0.5)) / rate_;
    if (phase_ >= 1) phase_ -= 1;
    const double noise = random() - 0.5;
    const double source =
        (phase_ < 0.6 ? std::sin(phase_ / 0.6 * std::numbers::pi) - 0.4 : -0.4) + 0.06 * noise;
    double voice = 0;
    for (std::size_t f = 0; f < formants_.size(); ++f) voice += kWeights[f] * formants_[f].filter(source);
    const double sample = 2.2 * loudness_ * voice + 1.6 * hiss_loudness_ * hiss_.filter(noise);
    out[i] = static_cast<float>(std::tanh(sample));
    syllable_time_ += 1 / rate_;
  }
}

}  // namespace tongke::pipeline::worker::demo
