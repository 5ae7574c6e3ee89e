#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/worker/av/handle.hpp"

namespace tongke::pipeline::worker::av {

inline constexpr std::int64_t kAacFrameSamples = 1024;

/// A silent frame that an AAC-LC track with these parameters can hold; empty when it is
/// something else.
[[nodiscard]] std::vector<std::uint8_t> silent_aac_frame(const AVCodecParameters& track);

}  // namespace tongke::pipeline::worker::av
