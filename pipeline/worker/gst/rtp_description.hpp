#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.hpp"
#include "pipeline/worker/gst/handle.hpp"

namespace tongke::pipeline::worker::gst {

/// What an SDP says of the payload types of one bundle, as caps with feedback and header
/// extensions. Immutable once made, hence shared by threads.
struct RtpDescription {
  std::map<std::uint8_t, Handle<GstCaps>> payloads;      ///< by payload type
  std::map<std::uint8_t, std::uint8_t> retransmissions;  ///< RTX by the type it repeats (RFC 4588 section 8)
  bool has_vp8 = false;
  bool is_simulcast = false;  ///< several streams of one picture, each of its own size (RFC 8853)

  /// @errors invalid: no SDP, or one without audio and video
  [[nodiscard]] static base::Result<RtpDescription> parse(const std::string& sdp);
};

}  // namespace tongke::pipeline::worker::gst
