#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::av {

/// Turns any audio into a lesson's voice: AAC-LC, mono, 32 kbit/s, or Opus, mono, 24 kbit/s,
/// 20 ms; or into a television's sound: MPEG-1 Layer II, stereo, 192 kbit/s. Output frames lie on a grid of
/// whole frames counted from media time zero, so that a transcoder started in mid-lesson yields frames at the
/// same times as one that ran all along.
class VoiceTranscoder {
 public:
  enum class Target : std::uint8_t { aac, opus, layer2 };

  /// Called with each encoded frame and its position in samples from media time zero.
  using Output = std::function<void(base::ByteView frame, std::int64_t position)>;

  /// @param channels  of AAC that has to pass for another's: they all say the same
  /// @errors unavailable: no decoder for this codec
  [[nodiscard]] static base::Result<std::unique_ptr<VoiceTranscoder>> create(const StreamConfig& input,
                                                                             Target target, Output output,
                                                                             std::uint32_t channels = 1);

  ~VoiceTranscoder();
  VoiceTranscoder(const VoiceTranscoder&) = delete;
  VoiceTranscoder& operator=(const VoiceTranscoder&) = delete;

  /// The source's parameters changed; output goes on with its own.
  [[nodiscard]] base::Result<void> reconfigure(const StreamConfig& input);

  /// @param at  media time of the frame.
  /// @errors invalid: undecodable, skipped; the transcoder can go on
  [[nodiscard]] base::Result<void> push(base::ByteView frame, base::MediaTime at);

  /// Delivers what the encoder still holds; nothing may follow.
  void finish();

  /// What comes out. AAC: 48 kHz or 44.1 kHz, whichever the source divides into; else 48 kHz.
  [[nodiscard]] const StreamConfig& output_config() const noexcept { return output_config_; }
  [[nodiscard]] std::int64_t frame_samples() const noexcept { return encoder_->frame_size; }

 private:
  VoiceTranscoder() = default;
  base::Result<void> open_encoder(Target target, std::uint32_t source_rate, std::uint32_t channels);
  base::Result<void> open_resampler(const AVFrame& decoded);
  void take(base::MediaTime at);
  void append(std::int64_t position);
  void encode_whole_frames();
  void fill_frame(std::span<const float> samples);
  void deliver();

  Output output_;
  bool finished_ = false;
  StreamConfig output_config_;
  Handle<AVCodecContext> decoder_;
  Handle<AVCodecContext> encoder_;
  Handle<SwrContext> resampler_;
  int resampler_rate_ = 0;
  int resampler_format_ = -1;
  int resampler_channels_ = 0;
  Handle<AVPacket> packet_;
  Handle<AVFrame> decoded_;
  Handle<AVFrame> frame_;
  std::vector<std::uint8_t> padded_;
  std::size_t mixed_ = 1;       ///< channels of the samples below, which lie side by side
  std::vector<float> pending_;  ///< samples not yet encoded
  std::vector<float> fresh_;    ///< samples just resampled
  std::optional<std::int64_t> pending_position_;
};

}  // namespace tongke::pipeline::worker::av
