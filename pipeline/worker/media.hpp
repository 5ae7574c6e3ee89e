#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "pipeline/wire/messages.hpp"

/// What intake hands on, free of GStreamer and libav.
namespace tongke::pipeline::worker {

using wire::TrackKind;

/// How a track's access units are to be understood.
struct StreamConfig {
  TrackKind kind = TrackKind::video;
  std::string codec = {};  ///< "h264", "aac", "mp2", "mp3", "opus", "pcm_alaw", "pcm_mulaw"; else unsupported
  std::vector<std::uint8_t> extradata = {};  ///< avcC, AudioSpecificConfig, OpusHead
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  double frame_rate = 0;  ///< 0 when the stream does not say
  std::uint32_t sample_rate = 0;
  std::uint32_t channels = 0;

  friend bool operator==(const StreamConfig&, const StreamConfig&) = default;
};

/// One coded picture (H.264: AVCC, whole) or one audio frame, in running time.
struct AccessUnit {
  TrackKind kind = TrackKind::video;
  base::MediaTime pts{0};
  base::MediaTime dts{0};
  bool keyframe = false;
  std::vector<std::uint8_t> bytes = {};
};

/// A picture of a stream beside the source: smaller, of the same moment (a simulcast layer).
struct LayerUnit {
  std::uint32_t id = 0;  ///< of the stream
  std::shared_ptr<const StreamConfig> config;
  AccessUnit unit;
};

/// Where intake delivers to.  @thread the child's main thread
class MediaSink {
 public:
  virtual ~MediaSink() = default;
  /// Precedes the first unit of a track and whatever unit has other parameters.
  virtual void on_config(StreamConfig config) = 0;
  virtual void on_unit(AccessUnit unit) = 0;
  /// Of no use to who makes nothing smaller of the source.
  virtual void on_layer(LayerUnit /*layer*/) {}
  /// Input began anew: timestamps have nothing to do with earlier ones.
  virtual void on_restart() = 0;
};

}  // namespace tongke::pipeline::worker
