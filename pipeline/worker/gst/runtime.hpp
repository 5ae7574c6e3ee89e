#pragma once

#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"

namespace tongke::pipeline::worker::gst {

/// Starts GStreamer with just the plugins that `format` needs, loaded by file: no registry
/// is read, scanned or written, which keeps a child's start and its memory small.
/// @errors unavailable: names the plugin that is missing
[[nodiscard]] base::Result<void> start(wire::InputFormat format);

/// What turning VP8 into H.264 needs besides.  @errors as start()
[[nodiscard]] base::Result<void> load_vp8_transcoding();

}  // namespace tongke::pipeline::worker::gst
