#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/worker/gst/handle.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::gst {

/// The elements that bring a pad's caps into the form on_unit() promises, and the caps to
/// ask for at their end; nullopt when the codec is not supported.
struct Chain {
  std::vector<const char*> elements;
  const char* caps = nullptr;
};
[[nodiscard]] std::optional<Chain> chain_for(const GstCaps* caps);

/// A short name of the codec for people: "h265", "vp8".
[[nodiscard]] std::string codec_name(const GstCaps* caps);

/// What parsed caps say about a stream; nullopt while they are incomplete.
[[nodiscard]] std::optional<StreamConfig> stream_config(const GstCaps* caps);

}  // namespace tongke::pipeline::worker::gst
