#include "pipeline/worker/gst/caps.hpp"

#include <array>
#include <string_view>

namespace tongke::pipeline::worker::gst {
namespace {

constexpr const char* kAvc = "video/x-h264,stream-format=avc,alignment=au";
constexpr const char* kBaseline =
    "video/x-h264,stream-format=avc,alignment=au,profile=constrained-baseline";  // what browsers agree on
constexpr const char* kAac = "audio/mpeg,mpegversion=4,stream-format=raw,framed=true";

std::string text(const GstStructure* s, const char* field) {
  const char* value = gst_structure_get_string(s, field);
  return value ? value : "";
}

int number(const GstStructure* s, const char* field) {
  int value = 0;
  gst_structure_get_int(s, field, &value);
  return value;
}

std::vector<std::uint8_t> codec_data(const GstStructure* s) {
  const GValue* value = gst_structure_get_value(s, "codec_data");
  if (!value) return {};
  GstBuffer* buffer = gst_value_get_buffer(value);
  if (!buffer) return {};
  const MappedBuffer mapped(buffer);
  return {mapped.begin(), mapped.end()};
}

std::optional<Chain> chain_for_rtp(const GstStructure* s) {
  const std::string encoding = text(s, "encoding-name");
  if (encoding == "H264") return Chain{{"rtph264depay", "capsfilter", "h264parse"}, kAvc};
  if (encoding == "VP8") return Chain{{"rtpvp8depay", "vp8dec", "x264enc", "h264parse"}, kBaseline};
  if (encoding == "MPEG4-GENERIC") return Chain{{"rtpmp4gdepay", "aacparse"}, kAac};
  if (encoding == "MP4A-LATM") return Chain{{"rtpmp4adepay", "aacparse"}, kAac};
  if (encoding == "PCMA") return Chain{{"rtppcmadepay"}, nullptr};
  if (encoding == "PCMU") return Chain{{"rtppcmudepay"}, nullptr};
  if (encoding == "OPUS") return Chain{{"rtpopusdepay"}, nullptr};
  if (encoding == "MPA") return Chain{{"rtpmpadepay", "mpegaudioparse"}, nullptr};
  return std::nullopt;
}

/// RFC 7845 section 5.1, for streams that carry no header of their own.
std::vector<std::uint8_t> opus_head(int channels) {
  std::vector<std::uint8_t> head = {'O', 'p', 'u', 's', 'H',
                                    'e', 'a', 'd', 1,   static_cast<std::uint8_t>(channels)};
  head.resize(19);
  head[12] = 0x80;  // 48000 Hz, little-endian
  head[13] = 0xbb;
  return head;
}

std::optional<StreamConfig> audio_config(const GstStructure* s, std::string_view media) {
  StreamConfig config{.kind = TrackKind::audio,
                      .sample_rate = static_cast<std::uint32_t>(number(s, "rate")),
                      .channels = static_cast<std::uint32_t>(number(s, "channels"))};
  if (media == "audio/mpeg" && number(s, "mpegversion") != 1) {
    config.codec = "aac";
    config.extradata = codec_data(s);
    if (config.extradata.size() < 2) return std::nullopt;
  } else if (media == "audio/mpeg") {
    config.codec = number(s, "layer") == 3 ? "mp3" : "mp2";
  } else if (media == "audio/x-opus") {
    config.codec = "opus";
    if (config.channels == 0) config.channels = 2;
    config.extradata = opus_head(static_cast<int>(config.channels));
    config.sample_rate = 48'000;
  } else {
    config.codec = media == "audio/x-alaw" ? "pcm_alaw" : "pcm_mulaw";
  }
  if (config.sample_rate == 0 || config.channels == 0) return std::nullopt;
  return config;
}

}  // namespace

std::optional<Chain> chain_for(const GstCaps* caps) {
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const std::string_view media = gst_structure_get_name(s);
  if (media == "video/x-h264") return Chain{{"h264parse"}, kAvc};
  if (media == "audio/mpeg" && number(s, "mpegversion") == 1) return Chain{{"mpegaudioparse"}, nullptr};
  if (media == "audio/mpeg") return Chain{{"aacparse"}, kAac};
  if (media == "audio/x-opus") return Chain{{"opusparse"}, nullptr};
  if (media == "audio/x-alaw" || media == "audio/x-mulaw") return Chain{{}, nullptr};
  if (media == "application/x-rtp") return chain_for_rtp(s);
  return std::nullopt;
}

std::string codec_name(const GstCaps* caps) {
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  if (gst_structure_has_name(s, "application/x-rtp")) return text(s, "encoding-name");
  const std::string_view media = gst_structure_get_name(s);
  const std::size_t slash = media.find('/');
  std::string_view name = slash == std::string_view::npos ? media : media.substr(slash + 1);
  if (name.substr(0, 2) == "x-") name.remove_prefix(2);
  return std::string(name);
}

std::optional<StreamConfig> stream_config(const GstCaps* caps) {
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const std::string_view media = gst_structure_get_name(s);
  if (media != "video/x-h264") return audio_config(s, media);
  StreamConfig config{.kind = TrackKind::video,
                      .codec = "h264",
                      .extradata = codec_data(s),
                      .width = static_cast<std::uint32_t>(number(s, "width")),
                      .height = static_cast<std::uint32_t>(number(s, "height"))};
  int numerator = 0;
  int denominator = 0;
  if (gst_structure_get_fraction(s, "framerate", &numerator, &denominator) && denominator > 0)
    config.frame_rate = static_cast<double>(numerator) / denominator;
  if (config.extradata.empty() || config.width == 0 || config.height == 0) return std::nullopt;
  return config;
}

}  // namespace tongke::pipeline::worker::gst
