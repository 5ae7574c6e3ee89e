#pragma once

#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"

namespace tongke::pipeline::worker::gst {

/// Starts GStreamer with just the plugins that `format` needs, loaded by file: no registry
/// is read, scanned or written, which keeps a child's start and its memory small.
/// @errors unavailable: names the plugin that is missing
[[nodiscard]] base::Result<void> start(wire::InputFormat format);

}  // namespace tongke::pipeline::worker::gst
