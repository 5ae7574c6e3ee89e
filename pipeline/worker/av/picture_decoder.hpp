#pragma once

#include <functional>
#include <memory>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::av {

/// Decodes H.264 in the calling thread.  @thread one at a time
class PictureDecoder {
 public:
  /// Called with each picture, in the order they are shown.
  using Output = std::function<void(const AVFrame& picture, base::MediaTime pts)>;

  /// @errors unavailable: no decoder, or it refuses the parameters
  [[nodiscard]] static base::Result<std::unique_ptr<PictureDecoder>> create(const StreamConfig& config,
                                                                            Output output);
  PictureDecoder(const PictureDecoder&) = delete;
  PictureDecoder& operator=(const PictureDecoder&) = delete;

  /// @param avc  one access unit, NAL units with 4-byte lengths; the first one a keyframe
  /// @errors invalid: undecodable, skipped; the decoder can go on
  [[nodiscard]] base::Result<void> push(base::ByteView avc, base::MediaTime pts);

  /// Delivers what is held back for reordering; a keyframe may follow.
  void flush();

  /// Forgets everything; a keyframe has to follow.
  void reset();

 private:
  PictureDecoder() = default;
  void deliver();

  Output output_;
  Handle<AVCodecContext> context_;
  Handle<AVPacket> packet_;
  Handle<AVFrame> frame_;
};

}  // namespace tongke::pipeline::worker::av
