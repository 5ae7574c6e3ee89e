#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace tongke::pipeline::worker::demo {

/// A voice that says nothing: syllables with Mandarin's four tones, in sentences with
/// pauses, from a pulse train through formant filters. Sounds like a teacher next door.
class Voice {
 public:
  explicit Voice(int sample_rate);

  /// Fills `out` with the next samples, -1…1.
  void speak(std::span<float> out);

 private:
  /// Second-order resonator, unity gain at its centre.
  struct Resonator {
    double b0 = 0, a1 = 0, a2 = 0, y1 = 0, y2 = 0;
    void tune(double frequency, double bandwidth, double rate);
    double filter(double x);
  };
  void next_syllable();
  [[nodiscard]] double pitch() const;
  double random();

  double rate_;
  std::uint32_t state_ = 20240901;
  std::array<Resonator, 4> formants_;
  Resonator hiss_;
  std::array<double, 4> now_{500, 1500, 2500, 3500};  ///< formant frequencies
  std::array<double, 4> goal_{500, 1500, 2500, 3500};
  int tone_ = 1;
  int left_in_sentence_ = 0;
  int sentence_length_ = 1;
  double syllable_time_ = 0;
  double syllable_length_ = 0;
  double consonant_length_ = 0;
  bool hissing_ = false;
  bool pause_ = true;
  double phase_ = 0;
  double loudness_ = 0;
  double hiss_loudness_ = 0;
};

}  // namespace tongke::pipeline::worker::demo
