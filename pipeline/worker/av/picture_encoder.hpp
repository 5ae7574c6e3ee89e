#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "pipeline/wire/ladder.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::av {

/// Encodes H.264 by x264 in the calling thread: no B-frames, keyframes only where asked for,
/// as few bits as an even quality needs and never more than the limit.  @thread one at a time
class PictureEncoder {
 public:
  struct Settings {
    wire::PictureSize size;
    std::uint32_t bits_per_second = 0;  ///< limit, over about a second
    bool main_profile = false;          ///< else Constrained Baseline
    std::uint32_t level = 30;           ///< times ten
    /// Frames a second, so that each is given its share of the limit. 0: they come as they like,
    /// and each waits for its successor, which tells how long it lasts.
    double frame_rate = 0;
    AVRational pixel_shape{1, 1};  ///< of one pixel, width to height
  };
  /// Called with each encoded picture: NAL units with 4-byte lengths.
  using Output = std::function<void(base::ByteView avc, base::MediaTime pts, bool keyframe)>;

  /// The limit holds over windows a little longer than this; the shorter, the worse keyframes look.
  static constexpr std::uint32_t kBufferMilliseconds = 750;

  /// @errors unavailable: no x264, or it refuses the settings
  [[nodiscard]] static base::Result<std::unique_ptr<PictureEncoder>> create(const Settings& settings,
                                                                            Output output);
  PictureEncoder(const PictureEncoder&) = delete;
  PictureEncoder& operator=(const PictureEncoder&) = delete;

  /// @param picture  4:2:0 of 8 bits, of the size in the settings
  /// @param pts      later than every one before
  [[nodiscard]] base::Result<void> encode(const AVFrame& picture, base::MediaTime pts, bool keyframe);

  /// Delivers what is held back; nothing may follow.
  void finish();

  /// What comes out: size, rate and avcC.
  [[nodiscard]] const StreamConfig& config() const noexcept { return config_; }

 private:
  PictureEncoder() = default;
  void deliver();

  Output output_;
  Handle<AVCodecContext> context_;
  Handle<AVPacket> packet_;
  Handle<AVFrame> frame_;
  StreamConfig config_;
};

/// An avcC record of the SPS and PPS among NAL units with 4-byte lengths; empty without them.
/// @source ISO/IEC 14496-15 section 5.3.3.1
[[nodiscard]] std::vector<std::uint8_t> avc_record(base::ByteView parameter_sets);

}  // namespace tongke::pipeline::worker::av
