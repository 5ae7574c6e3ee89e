#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/av/picture_encoder.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/draw/board.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/slate/sound.hpp"

namespace tongke::pipeline::worker::slate {

/// Stands in for a publisher: a still picture, five times a second, and soft sound. What is
/// owed already comes at once, the rest as time passes.
/// @thread the loop's
class Maker {
 public:
  static constexpr base::MediaTime kFrame{std::chrono::milliseconds(200)};

  /// @errors unavailable: no encoder; invalid: neither picture nor sound
  [[nodiscard]] static base::Result<std::unique_ptr<Maker>> create(const wire::Open& open, MediaSink& sink,
                                                                   GMainContext* context);
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;

 private:
  Maker(const wire::Open& open, MediaSink& sink) : open_(open), sink_(sink) {}
  base::Result<void> open_picture();
  base::Result<void> open_sound();
  void go_on();
  void make_frame();

  const wire::Open open_;
  MediaSink& sink_;
  base::Steady::time_point began_{};
  base::MediaTime made_{0};
  std::int64_t frames_ = 0;
  draw::Picture picture_;
  av::Handle<AVFrame> frame_;
  std::unique_ptr<av::PictureEncoder> encoder_;
  std::optional<Sound> sound_;
  std::uint32_t sound_rate_ = 0;
  std::unique_ptr<av::VoiceTranscoder> voice_;
  base::glib::Timer timer_;
};

}  // namespace tongke::pipeline::worker::slate
