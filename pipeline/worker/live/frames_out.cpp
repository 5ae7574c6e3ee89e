#include "pipeline/worker/live/frames_out.hpp"

#include <utility>

#include "base/log.hpp"
#include "pipeline/worker/rtp/framing.hpp"
#include "pipeline/worker/rtp/opus_packet.hpp"

namespace tongke::pipeline::worker::live {

using base::MediaTime;

namespace {

/// Receivers throw away or stretch Opus whose timestamps do not follow each other to the
/// sample, so it keeps its own time until lips would show it.
constexpr MediaTime kOpusMayDrift = std::chrono::milliseconds(30);

}  // namespace

std::optional<wire::Frame> picture_frame(const rtp::H264Packetizer& packetizer, std::string_view rendition,
                                         base::ByteView avc, MediaTime pts, MediaTime duration, bool key) {
  auto payloads = packetizer.packetize(avc, key);
  if (payloads.empty()) return std::nullopt;
  return wire::Frame{.rendition = std::string(rendition),
                     .kind = TrackKind::video,
                     .codec = "h264",
                     .key = key,
                     .pts = pts,
                     .duration = duration,
                     .bytes = base::SharedBytes(std::move(payloads))};
}

bool FramesOut::video(base::ByteView avc, MediaTime pts, MediaTime duration, bool key) {
  auto frame = picture_frame(packetizer_, "src", avc, pts, duration, key);
  if (!frame) return false;
  emit_(std::move(*frame));
  return true;
}

void FramesOut::audio(base::ByteView frame, MediaTime pts,
                      const std::shared_ptr<const StreamConfig>& config) {
  const bool is_opus = config->codec == "opus";
  if (!is_opus && (!opus_wanted_ || !decodes_)) return;
  if (config != audio_config_) {
    audio_config_ = config;
    if (!configure_audio(*config)) base::log::warn("no Opus for WebRTC viewers", {{"source", config->codec}});
  }
  if (pass_clock_) {
    const auto duration = rtp::opus_duration(frame);
    if (!duration) return;
    const auto position = pass_clock_->position(pts, timing::to_units(*duration, rtp::kOpusClockRate));
    if (position) emit_opus(frame, timing::from_units(*position, rtp::kOpusClockRate), *duration);
  } else if (transcoder_) {
    if (auto ok = transcoder_->push(frame, pts); !ok)
      base::log::debug("audio frame not decodable", {{"error", ok.error().message}});
  }
}

bool FramesOut::configure_audio(const StreamConfig& config) {
  pass_clock_.reset();
  if (config.codec == "opus") {
    transcoder_.reset();
    pass_clock_.emplace(rtp::kOpusClockRate, kOpusMayDrift);
    return true;
  }
  if (transcoder_) return transcoder_->reconfigure(config).has_value();
  auto transcoder = av::VoiceTranscoder::create(
      config, av::VoiceTranscoder::Target::opus, [this](base::ByteView packet, std::int64_t position) {
        if (position < 0) return;  // the encoder's look-ahead, before the lesson began
        emit_opus(packet, timing::from_units(position, rtp::kOpusClockRate),
                  timing::from_units(transcoder_->frame_samples(), rtp::kOpusClockRate));
      });
  if (!transcoder) return false;
  transcoder_ = std::move(*transcoder);
  return true;
}

void FramesOut::emit_opus(base::ByteView packet, MediaTime pts, MediaTime duration) {
  std::vector<std::uint8_t> payload;
  payload.reserve(packet.size() + 2);
  rtp::put_length(payload, packet.size());
  payload.insert(payload.end(), packet.begin(), packet.end());
  emit_(wire::Frame{.rendition = "opus",
                    .kind = TrackKind::audio,
                    .codec = "opus",
                    .key = true,
                    .pts = pts,
                    .duration = duration,
                    .bytes = base::SharedBytes(std::move(payload))});
}

void FramesOut::want_opus(bool on) {
  opus_wanted_ = on;
  if (on || !transcoder_) return;
  transcoder_.reset();
  audio_config_.reset();  // to be looked at afresh
}

}  // namespace tongke::pipeline::worker::live
