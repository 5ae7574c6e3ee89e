#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/draw/board.hpp"

namespace tongke::pipeline::worker::demo {

using draw::Picture;

/// One RTMP connection with its encoders: H.264 and AAC in FLV, as a teacher's software
/// sends them. Connection and encoders begin and end together.
class Publisher {
 public:
  static constexpr int kFramesPerSecond = 20;
  static constexpr int kSampleRate = 44'100;
  static constexpr int kAudioFrameSamples = 1024;

  /// Connects; blocks for a few seconds at most, or until `stop`.
  /// @errors unavailable: nobody there, or refused
  [[nodiscard]] static base::Result<std::unique_ptr<Publisher>> connect(const std::string& url, int width,
                                                                        int height,
                                                                        const std::atomic<bool>& stop);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// @param frame  number since the connection began
  /// @errors io: the connection is lost
  [[nodiscard]] base::Result<void> video(const Picture& picture, std::int64_t frame);
  /// @param samples   kAudioFrameSamples of them
  [[nodiscard]] base::Result<void> audio(std::span<const float> samples, std::int64_t position);

 private:
  explicit Publisher(const std::atomic<bool>& stop) : stop_(stop) {}
  base::Result<void> open(const std::string& url, int width, int height);
  base::Result<void> open_video(int width, int height);
  base::Result<void> open_audio();
  base::Result<AVStream*> add_stream(const AVCodecContext& encoder);
  base::Result<void> send(AVCodecContext& encoder, AVFrame* frame, const AVStream& stream);

  const std::atomic<bool>& stop_;
  av::Output output_;
  bool header_written_ = false;
  av::Handle<AVCodecContext> video_;
  av::Handle<AVCodecContext> audio_;
  AVStream* video_stream_ = nullptr;
  AVStream* audio_stream_ = nullptr;
  av::Handle<AVFrame> picture_;
  av::Handle<AVFrame> samples_;
  av::Handle<AVPacket> packet_;
};

}  // namespace tongke::pipeline::worker::demo
