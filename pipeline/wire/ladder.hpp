#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

/// Which smaller renditions of a lesson's picture there can be. Relay and child both know the
/// list: the one names them in playlists before they exist, the other makes them.  Pure.
namespace tongke::pipeline::wire {

/// A rendition that is encoded only while somebody wants it.
struct LadderStep {
  std::string_view name;            ///< as in Want, Init and Part
  std::uint32_t side;               ///< pixels of the picture's shorter side
  std::uint32_t video_bps;          ///< the encoder's limit; a calm picture takes less
  std::uint32_t declared_bps;       ///< BANDWIDTH: with containers and the `audio` rendition, over any 10 s
  std::uint32_t frames_per_second;  ///< at most
  std::uint32_t level;              ///< of H.264, times ten
  bool main_profile;                ///< else Constrained Baseline
  std::string_view codecs;          ///< RFC 6381, known before the first picture is
};

/// The largest first. Constrained Baseline is what the oldest phones decode, and what browsers
/// agree on for WebRTC; at 480p CABAC's tenth of the bits is worth more.
inline constexpr std::array kLadder = {
    LadderStep{"480p", 480, 600'000, 700'000, 30, 31, true, "avc1.4d401f"},
    LadderStep{"360p", 360, 350'000, 430'000, 30, 30, false, "avc1.42c01e"},
    LadderStep{"240p", 240, 125'000, 180'000, 15, 21, false, "avc1.42c015"},
};

/// Null for a rendition that is no step of the ladder.
[[nodiscard]] constexpr const LadderStep* find_step(std::string_view name) noexcept {
  for (const LadderStep& step : kLadder) {
    if (step.name == name) return &step;
  }
  return nullptr;
}

/// Asked for like a step: stills of the picture.
inline constexpr std::string_view kStills = "stills";

/// Whether it is made only while somebody wants it.
[[nodiscard]] constexpr bool is_on_demand(std::string_view name) noexcept {
  return name == kStills || find_step(name) != nullptr;
}

struct PictureSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// Whether a source of this size has the step: pictures are never made larger.
[[nodiscard]] constexpr bool has_step(const LadderStep& step, PictureSize source) noexcept {
  return std::min(source.width, source.height) >= step.side;
}

/// The step's picture for a source of this shape, upright or not. Sides are even.
[[nodiscard]] constexpr PictureSize size_of(const LadderStep& step, PictureSize source) noexcept {
  const std::uint32_t shorter = std::max(1U, std::min(source.width, source.height));
  const std::uint64_t longer = std::max(source.width, source.height);
  const auto scaled = static_cast<std::uint32_t>((longer * step.side + shorter) / (2U * shorter) * 2U);
  return source.width >= source.height ? PictureSize{scaled, step.side} : PictureSize{step.side, scaled};
}

/// Pictures a second that a step has of a source with so many: every second of them, every
/// third… 0 when the source does not say.
[[nodiscard]] constexpr double rate_of(const LadderStep& step, double source) noexcept {
  if (source < 1) return 0;
  double rate = source;
  for (int every = 2; rate > step.frames_per_second * 1.001; ++every) rate = source / every;
  return rate;
}

}  // namespace tongke::pipeline::wire
