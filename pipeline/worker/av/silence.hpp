#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/worker/av/handle.hpp"

namespace tongke::pipeline::worker::av {

inline constexpr std::int64_t kAacFrameSamples = 1024;

/// MPEG-1 Layer II as we make it: stereo; a frame is 24 ms.
inline constexpr std::uint32_t kLayer2Rate = 48'000;
inline constexpr std::int64_t kLayer2BitRate = 192'000;
inline constexpr std::int64_t kLayer2FrameSamples = 1152;

/// A silent frame of it; empty when it cannot be made.
[[nodiscard]] std::vector<std::uint8_t> silent_layer2_frame();

/// A silent frame that an AAC-LC track with these parameters can hold; empty when it is
/// something else.
[[nodiscard]] std::vector<std::uint8_t> silent_aac_frame(const AVCodecParameters& track);

}  // namespace tongke::pipeline::worker::av
