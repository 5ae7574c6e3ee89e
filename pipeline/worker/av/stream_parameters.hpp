#pragma once

#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::av {

/// Fills in, for a muxer, what H.264 or AAC with this configuration is.
/// @param out  freshly allocated   @errors internal: out of memory
[[nodiscard]] base::Result<void> set_parameters(AVCodecParameters& out, const StreamConfig& config);

/// What a demuxer says of a track.
[[nodiscard]] StreamConfig config_of(const AVCodecParameters& parameters);

}  // namespace tongke::pipeline::worker::av
