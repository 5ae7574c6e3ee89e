#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/live/rendition.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/rtp/h264_packetizer.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::live {

/// A coded picture as RTP payloads; nothing when it is malformed.
[[nodiscard]] std::optional<wire::Frame> picture_frame(const rtp::H264Packetizer& packetizer,
                                                       std::string_view rendition, base::ByteView avc,
                                                       base::MediaTime pts, base::MediaTime duration,
                                                       bool key);

/// The lesson for those who watch by WebRTC: frames as RTP payloads, each the moment it is
/// there, on the clock that the parts are on. Video is the source's ("src"; the ladder's comes from
/// LadderOut); audio is Opus ("opus"): the source's own, or made of it while somebody wants it.
class FramesOut {
 public:
  /// @param decodes  false: sound that is not Opus stays unheard (Open.passthrough_only)
  FramesOut(bool decodes, Emit emit) : decodes_(decodes), emit_(std::move(emit)) {}

  /// Parameters of the pictures that follow.
  void configure_video(const StreamConfig& config) { packetizer_ = rtp::H264Packetizer(config.extradata); }
  /// @param duration  expected
  /// @return false when the picture is malformed
  bool video(base::ByteView avc, base::MediaTime pts, base::MediaTime duration, bool key);

  /// @param config  of this frame; compared by identity
  void audio(base::ByteView frame, base::MediaTime pts, const std::shared_ptr<const StreamConfig>& config);

  void want_opus(bool on);

 private:
  void emit_opus(base::ByteView packet, base::MediaTime pts, base::MediaTime duration);
  bool configure_audio(const StreamConfig& config);

  bool decodes_;
  Emit emit_;
  rtp::H264Packetizer packetizer_;
  bool opus_wanted_ = false;
  std::shared_ptr<const StreamConfig> audio_config_;  ///< of what the two below are ready for
  std::optional<timing::SampleClock> pass_clock_;     ///< set while the source is Opus itself
  std::unique_ptr<av::VoiceTranscoder> transcoder_;
};

}  // namespace tongke::pipeline::worker::live
