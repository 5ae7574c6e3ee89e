#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/glib/main_loop.hpp"
#include "pipeline/worker/gst/failure.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::gst {

/// Pulls a camera by RTSP over TCP. A lost camera is called again, after 0.5 s at first and
/// up to 8 s later; without a frame for `kPatience` the input counts as lost.
/// @thread the main loop's; GStreamer's own threads only post to it
class RtspIntake {
 public:
  static constexpr std::chrono::seconds kPatience{60};
  /// A connected camera that sends nothing for so long is called again.
  static constexpr std::chrono::seconds kSilence{8};

  using OnFailure = std::function<void(IntakeFailure)>;

  RtspIntake(std::string url, MediaSink& sink, base::glib::MainLoop& loop, OnFailure on_failure);
  ~RtspIntake();
  RtspIntake(const RtspIntake&) = delete;
  RtspIntake& operator=(const RtspIntake&) = delete;

  [[nodiscard]] std::uint64_t errors() const noexcept { return errors_; }

 private:
  /// One connection: a pipeline and its taps.
  struct Call;
  void connect();
  void hang_up(const std::string& why);
  void drain(std::uint64_t number);
  void check();

  std::string url_;
  MediaSink& sink_;
  base::glib::MainLoop& loop_;
  OnFailure on_failure_;
  std::shared_ptr<Call> call_;
  std::uint64_t calls_ = 0;
  std::chrono::milliseconds back_off_;
  base::Steady::time_point last_frame_;
  base::Steady::time_point dialled_at_{};
  base::Steady::time_point redial_at_{};
  base::glib::Timer checker_;
  std::uint64_t errors_ = 0;
};

}  // namespace tongke::pipeline::worker::gst
