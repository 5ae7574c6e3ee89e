#include "pipeline/worker/gst/rtp_description.hpp"

#include <gst/sdp/sdp.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace tongke::pipeline::worker::gst {
namespace {

/// Camera, screen and microphone, with room.
constexpr guint kMaxMedia = 8;

struct ReleaseSdp {
  void operator()(GstSDPMessage* p) const noexcept { gst_sdp_message_free(p); }
};

std::optional<std::uint8_t> payload_type(const char* text) {
  const std::string_view digits = text ? text : "";
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value > 127) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}

void add(RtpDescription& description, const GstSDPMedia* media, std::uint8_t type) {
  Handle<GstCaps> caps(gst_sdp_media_get_caps_from_media(media, type));
  if (!caps || gst_caps_is_empty(caps.get())) return;
  gst_sdp_media_attributes_to_caps(media, caps.get());
  GstStructure* s = gst_caps_get_structure(caps.get(), 0);
  gst_structure_set_name(s, "application/x-rtp");
  const char* name = gst_structure_get_string(s, "encoding-name");
  const std::string_view encoding = name ? name : "";
  if (encoding == "RTX") {
    if (const auto repeated = payload_type(gst_structure_get_string(s, "apt")))
      description.retransmissions[*repeated] = type;
  }
  description.has_vp8 = description.has_vp8 || encoding == "VP8";
  description.payloads[type] = std::move(caps);
}

}  // namespace

base::Result<RtpDescription> RtpDescription::parse(const std::string& sdp) {
  GstSDPMessage* raw = nullptr;
  gst_sdp_message_new(&raw);
  const std::unique_ptr<GstSDPMessage, ReleaseSdp> message(raw);
  const auto* bytes = reinterpret_cast<const guint8*>(sdp.data());
  if (gst_sdp_message_parse_buffer(bytes, static_cast<guint>(sdp.size()), raw) != GST_SDP_OK)
    return base::Error{base::Errc::invalid, "not an SDP"};
  RtpDescription description;
  const guint count = std::min(gst_sdp_message_medias_len(raw), kMaxMedia);
  for (guint i = 0; i < count; ++i) {
    const GstSDPMedia* media = gst_sdp_message_get_media(raw, i);
    const char* name = gst_sdp_media_get_media(media);
    const std::string_view kind = name ? name : "";
    if (kind != "audio" && kind != "video") continue;
    description.is_simulcast =
        description.is_simulcast || gst_sdp_media_get_attribute_val(media, "simulcast") != nullptr;
    for (guint f = 0; f < gst_sdp_media_formats_len(media); ++f) {
      if (const auto type = payload_type(gst_sdp_media_get_format(media, f))) add(description, media, *type);
    }
  }
  if (description.payloads.empty()) return base::Error{base::Errc::invalid, "an SDP without audio and video"};
  return description;
}

}  // namespace tongke::pipeline::worker::gst
