#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.hpp"
#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/gst/failure.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::gst {

/// Takes a WebRTC publisher's decrypted RTP and RTCP: jitter buffer, retransmissions,
/// transport-cc feedback and lip sync are rtpbin's, one session for the bundle; keyframes
/// are asked for when segments need them. Of several video streams (simulcast) the largest
/// steady one is the lesson's, the others are handed on as its layers.
/// @thread the main loop's; GStreamer's own threads only post to it
class RtpIntake {
 public:
  /// How long a lost packet is waited for: two questions over a good line, one over a poor
  /// one. Packets that come in order never wait.
  static constexpr std::chrono::milliseconds kLatency{150};

  struct Handler {
    std::function<void(base::SharedBytes)> on_rtcp;  ///< a compound packet for the publisher
    std::function<void(IntakeFailure)> on_failure;
  };

  /// @param open  its sdp says what the payload types mean
  /// @errors invalid: the SDP; unavailable: a plugin is missing
  [[nodiscard]] static base::Result<std::unique_ptr<RtpIntake>> create(const wire::Open& open,
                                                                       MediaSink& sink,
                                                                       base::glib::MainLoop& loop,
                                                                       Handler handler);
  ~RtpIntake();
  RtpIntake(const RtpIntake&) = delete;
  RtpIntake& operator=(const RtpIntake&) = delete;

  /// @param framed  RTP and RTCP packets, each preceded by its length as in RFC 4571
  void push(const base::SharedBytes& framed);
  /// A viewer needs one; asks at most every half second.
  void request_keyframe();
  /// Delivers what has left the jitter buffers.
  void finish();

  /// Packets that are malformed, of no agreed type, or lost for good.
  [[nodiscard]] std::uint64_t errors() const noexcept;

 private:
  struct State;
  explicit RtpIntake(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  ///< posted tasks hold it weakly
};

}  // namespace tongke::pipeline::worker::gst
